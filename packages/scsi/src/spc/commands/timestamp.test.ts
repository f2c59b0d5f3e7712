/** REPORT TIMESTAMP and SET TIMESTAMP (SPC-5 6.40, 6.50). */
import { expect, test } from "vitest";
import { be, join } from "../../bytes.ts";
import { standAlone, volatileStore } from "../../device-ports.ts";
import { newTapeDrive } from "../../ssc/new-tape-drive.ts";
import { Initiator, hex, testIdentity } from "../../testing-initiator.ts";

const report = "a3 0f 00 00 00 00 00 00 00 ff 00 00";
const set = (length: number) => `a4 0f 00 00 00 00 00 00 00 ${hex(be(length, 1))} 00 00`;
const list = (timestampMs: number) => join(be(0, 4), be(timestampMs, 6), 0, 0);

async function timed() {
  const time = { nowMs: 1_700_000_000_000 };
  const ports = { ...standAlone(), nowMs: () => time.nowMs, store: volatileStore() };
  const unit = newTapeDrive(testIdentity, ports).logicalUnit;
  const host = new Initiator(unit);
  const other = new Initiator(unit, "iqn.2026-11.test:b,i,0x1");
  for (const each of [host, other]) expect(await each.tell("00")).toBe("powerOn");
  return { time, host, other };
}

test("after a start → the time of the world, set by other means", async () => {
  const { host } = await timed();
  const timestamp = hex(be(1_700_000_000_000, 6));
  expect(hex((await host.send(report)).data)).toBe(`000a0200${timestamp}0000`);
});

test("set → it goes on from there, set by an application client; the others are told once", async () => {
  const { time, host, other } = await timed();
  expect(await host.tell(set(12), list(5000))).toBe("GOOD");
  time.nowMs += 250;
  expect(hex((await host.send(report)).data)).toBe(`000a0100${hex(be(5250, 6))}0000`);
  expect(await other.tell("00")).toBe("timestampChanged");
  expect(await other.tell("00")).toBe("mediumNotPresent");
  expect(await host.tell("00")).toBe("mediumNotPresent");
});

test("world's clock set back below the start → still a timestamp", async () => {
  const { time, host } = await timed();
  await host.tell(set(12), list(0));
  time.nowMs -= 1;
  expect(hex((await host.send(report)).data)).toBe("000a0100ffffffffffff0000");
});

test.each([
  ["list of 11 bytes", set(11), "parameterListLengthError"],
  ["no list", set(0), "GOOD"],
])("%s → %s%s, time unchanged", async (_condition, cdb, told) => {
  const { host } = await timed();
  expect(await host.tell(cdb, list(7).subarray(0, 11))).toBe(told);
  expect((await host.send(report)).data[2]).toBe(0b010);
});
