/** Every mode page of both devices: what MODE SENSE gives MODE SELECT takes back, what may change changes, what is saved stays. */
import { expect, test } from "vitest";
import { be, join, readBe } from "../../bytes.ts";
import { standAlone, type DevicePorts, volatileStore } from "../../device-ports.ts";
import { newMediumChanger } from "../../smc/new-medium-changer.ts";
import { newTapeDrive } from "../../ssc/new-tape-drive.ts";
import { Initiator, hex, testIdentity } from "../../testing-initiator.ts";
import { FakeMedium } from "../../testing-medium.ts";
import { FakeRobot } from "../../testing-robot.ts";

const makers = {
  drive: (ports: DevicePorts) => {
    const drive = newTapeDrive(testIdentity, ports);
    return { unit: drive.logicalUnit, load: () => drive.load(new FakeMedium()) };
  },
  changer: (ports: DevicePorts) => ({
    unit: newMediumChanger(testIdentity, new FakeRobot(), ports).logicalUnit,
    load: () => undefined,
  }),
} as const;

async function begin(device: keyof typeof makers, store = volatileStore()) {
  const { unit, load } = makers[device]({ ...standAlone(), nowMs: () => 0, store });
  await load();
  const host = new Initiator(unit);
  const other = new Initiator(unit, "iqn.2026-11.test:b,i,0x1");
  for (const each of [host, other]) expect(await each.tell("00")).toBe("powerOn");
  return { unit, host, other, store };
}

const control = { current: 0, changeable: 1, defaults: 2, saved: 3 } as const;
const two = (value: number) => hex(be(value, 1));

/** MODE SENSE(10) without block descriptors. */
async function sense(
  host: Initiator,
  pc: number,
  page = 0x3f,
  subpage = 0xff,
): Promise<Uint8Array> {
  const cdb = `5a 08 ${two((pc << 6) | page)} ${two(subpage)} 00 00 00 ff ff 00`;
  const { outcome, data } = await host.send(cdb);
  expect(outcome).toBe("GOOD");
  expect(readBe(data, 0, 2)).toBe(data.length - 2);
  return new Uint8Array(data);
}

const select = (host: Initiator, list: Uint8Array, sp = 0): Promise<string> =>
  host.tell(`55 ${two(0x10 | sp)} 00 00 00 00 00 ${hex(be(list.length, 2))} 00`, list);

interface Page {
  readonly code: number;
  readonly subpage: number;
  readonly isSavable: boolean;
  readonly header: Uint8Array;
  readonly values: Uint8Array;
}

function pagesOf(data: Uint8Array): readonly Page[] {
  const pages: Page[] = [];
  for (let offset = 8; offset < data.length;) {
    const isLong = (data[offset]! & 0x40) !== 0;
    const headerLength = isLong ? 4 : 2;
    const length = isLong ? readBe(data, offset + 2, 2) : data[offset + 1]!;
    const start = offset + headerLength;
    pages.push({
      code: data[offset]! & 0x3f,
      subpage: isLong ? data[offset + 1]! : 0,
      isSavable: (data[offset]! & 0x80) !== 0,
      header: data.slice(offset, start),
      values: data.slice(start, start + length),
    });
    offset = start + length;
  }
  return pages;
}

const listOf = (header: Uint8Array, page: Page, values = page.values) =>
  join(be(0, 2), header.subarray(2, 4), be(0, 4), page.header, values);

const lengths = (pages: readonly Page[] = []) => pages.map((page) => page.values.length);

/** The saved byte that D_SENSE is in. */
const savedOf = async (who: Initiator) => (await sense(who, control.saved, 0x0a, 0))[10];

const devices = ["drive", "changer"] as const;

test.each(devices)(
  "%s, 3Fh/FFh and each page alone → the same, in order, taken back",
  async (device) => {
    const { host, other } = await begin(device);
    const all = await sense(host, control.current);
    const pages = pagesOf(all);
    const codes = pages.map(({ code, subpage }) => code * 256 + subpage);
    expect(codes).toEqual([...codes].sort((one, another) => one - another));
    expect(await select(host, join(be(0, 2), all.subarray(2)))).toBe("GOOD");
    for (const page of pages) {
      const alone = await sense(host, control.current, page.code, page.subpage);
      expect(hex(alone.subarray(8))).toBe(hex(join(page.header, page.values)));
      expect(await select(host, join(be(0, 2), alone.subarray(2)))).toBe("GOOD");
    }
    expect(await other.tell("00")).toBe("GOOD");
  },
);

test.each(devices)(
  "%s, each page → as long whatever PC asks for; saved values are the defaults at first",
  async (device) => {
    const { host } = await begin(device);
    const [current, changeable, defaults, saved] = await Promise.all(
      Object.values(control).map(async (pc) => pagesOf(await sense(host, pc))),
    );
    expect(lengths(changeable)).toEqual(lengths(current));
    expect(lengths(defaults)).toEqual(lengths(current));
    expect(saved).toEqual(defaults);
  },
);

test.each(devices)(
  "%s, a bit of a savable page that may not change → refused at that bit",
  async (device) => {
    const { host } = await begin(device);
    const all = await sense(host, control.current);
    const changeable = pagesOf(await sense(host, control.changeable));
    for (const [index, page] of pagesOf(all).entries()) {
      if (!page.isSavable) continue;
      for (let at = 0; at < page.values.length * 8; at++) {
        const [byte, bit] = [at >> 3, 7 - (at & 7)];
        if ((changeable[index]!.values[byte]! & (1 << bit)) !== 0) continue;
        const values = page.values.slice();
        values[byte]! ^= 1 << bit;
        const told = await select(host, listOf(all, page, values));
        expect([page.code, told]).toEqual([
          page.code,
          `invalidFieldInParameterList, data ${8 + page.header.length + byte} bit ${bit}`,
        ]);
      }
    }
  },
);

const dSense = 0x04;

/** The control page with D_SENSE. */
async function controlPage(host: Initiator, descriptorSense: boolean): Promise<Uint8Array> {
  const data = await sense(host, control.current, 0x0a, 0x00);
  data.fill(0, 0, 2);
  data[10] = descriptorSense ? dSense : 0;
  return data;
}

const formatOf = async (host: Initiator) => (await host.execute("d7")).sense?.[0];

test.each(devices)(
  "%s, D_SENSE → all sense data in descriptor format, the others told once",
  async (device) => {
    const { host, other } = await begin(device);
    expect(await formatOf(host)).toBe(0x70);
    expect(await select(host, await controlPage(host, true))).toBe("GOOD");
    expect((await other.execute("00")).sense).toEqual(Uint8Array.of(0x72, 6, 0x2a, 1, 0, 0, 0, 0));
    expect(await formatOf(host)).toBe(0x72);
    expect(await select(host, await controlPage(host, false))).toBe("GOOD");
    expect(await formatOf(host)).toBe(0x70);
  },
);

test.each(devices)(
  "%s, SP → in force after reset and restart, and told as saved; without SP → not",
  async (device) => {
    const { host, unit, store } = await begin(device);
    await select(host, await controlPage(host, true));
    expect(await savedOf(host)).toBe(0);
    await unit.reset();
    await host.execute("00");
    expect(await formatOf(host)).toBe(0x70);
    expect(await select(host, await controlPage(host, true), 1)).toBe("GOOD");
    expect(await savedOf(host)).toBe(dSense);
    await unit.reset();
    await host.execute("00");
    expect(await formatOf(host)).toBe(0x72);
    const { unit: again } = makers[device]({ ...standAlone(), nowMs: () => 0, store });
    expect(await formatOf(new Initiator(again))).toBe(0x72);
  },
);
