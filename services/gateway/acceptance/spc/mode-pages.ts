/** MODE SENSE and MODE SELECT: every page framed, the same by every page control, and taken back as it was given (SPC-5 6.13 to 6.16). */
import assert from "node:assert/strict";
import type { ScsiDevice } from "@reelhouse/testing";
import { modeSelect10, modeSense10 } from "../cdb.ts";
import { checkCondition, describe, good } from "../expect.ts";
import { forBoth } from "./devices.ts";

const ALL = [0x3f, 0xff] as const;
const HEADER_BYTES = 8;
const pageControls = { current: 0, changeable: 1, defaults: 2, saved: 3 } as const;

interface Page {
  readonly code: number;
  readonly subpage: number;
  readonly bytes: Buffer;
}

const nameOf = ({ code, subpage }: Page) => `${code.toString(16)}h/${subpage.toString(16)}h`;

/** The pages of a MODE SENSE(10) answer, by their own lengths; what does not add up throws. */
const pagesOf = (data: Buffer): Page[] => {
  assert.equal(data.readUInt16BE(0), data.length - 2, "MODE DATA LENGTH");
  const pages: Page[] = [];
  for (let at = HEADER_BYTES + data.readUInt16BE(6); at < data.length;) {
    const first = data.readUInt8(at);
    const isSubpage = (first & 0x40) !== 0;
    const length = isSubpage ? 4 + data.readUInt16BE(at + 2) : 2 + data.readUInt8(at + 1);
    assert(at + length <= data.length, `page ${first & 0x3f} reaches over the end`);
    const subpage = isSubpage ? data.readUInt8(at + 1) : 0;
    pages.push({ code: first & 0x3f, subpage, bytes: data.subarray(at, at + length) });
    at += length;
  }
  return pages;
};

const sense = async (device: ScsiDevice, code: number, subpage: number, pageControl = 0) =>
  device.raw(modeSense10(code, subpage, pageControl), { dataInLength: 0xffff });

const allPages = async (device: ScsiDevice, pageControl = 0): Promise<Page[]> =>
  pagesOf(good("MODE SENSE(10)", await sense(device, ...ALL, pageControl)).data);

/** One page as a parameter list: header and block descriptor as sensed, PS reserved (SPC-5 7.5.4). */
const listOf = async (device: ScsiDevice, { code, subpage }: Page): Promise<Buffer> => {
  const { data } = good("MODE SENSE(10)", await sense(device, code, subpage));
  const list = Buffer.from(data);
  list.writeUInt16BE(0, 0);
  const at = HEADER_BYTES + list.readUInt16BE(6);
  list[at] = list[at]! & 0x7f;
  return list;
};

const shape = (pages: readonly Page[]) =>
  pages.map((page) => `${nameOf(page)} ${page.bytes.length}`);

/** Where the mode parameters of a page begin. */
const parametersAt = (page: Page) => (page.subpage === 0 ? 2 : 4);

export const modePages = forBoth("mode pages", [
  [
    "all pages and subpages → framed, in ascending order, each also alone",
    "SPC-5 7.5",
    async ({ device }) => {
      const unit = await device();
      const pages = await allPages(unit);
      assert(pages.length > 0, "there are pages");
      const order = pages.map(({ code, subpage }) => code * 256 + subpage);
      assert.equal(new Set(order).size, order.length, "each page once");
      // Page 0 is vendor specific and comes last (SPC-5 6.13.1).
      const sorted = order.filter((each) => each >= 256);
      assert.deepEqual(
        sorted,
        sorted.toSorted((one, other) => one - other),
      );
      for (const page of pages) {
        const alone = pagesOf(good(nameOf(page), await sense(unit, page.code, page.subpage)).data);
        assert.equal(alone.length, 1, `${nameOf(page)} alone`);
        assert(alone[0]?.bytes.equals(page.bytes), `${nameOf(page)} alone is as among all`);
      }
    },
  ],
  [
    "changeable, default and saved values → the same pages of the same lengths",
    "SPC-5 6.13",
    async ({ device }) => {
      const unit = await device();
      const current = shape(await allPages(unit));
      assert.deepEqual(shape(await allPages(unit, pageControls.changeable)), current);
      assert.deepEqual(shape(await allPages(unit, pageControls.defaults)), current);
      const saved = await sense(unit, ...ALL, pageControls.saved);
      if (saved.status === 0) assert.deepEqual(shape(pagesOf(saved.data)), current);
      else checkCondition("saved values", saved, { key: "ILLEGAL REQUEST", code: 0x3900 });
    },
  ],
  [
    "every page sent back as it was sensed → GOOD, nothing changed",
    "SPC-5 6.15",
    async ({ device }) => {
      const unit = await device();
      const before = await allPages(unit);
      for (const page of before) {
        const list = await listOf(unit, page);
        const result = await unit.raw(modeSelect10(list.length), { dataOut: list });
        assert.equal(result.status, 0, `MODE SELECT of ${nameOf(page)}: ${describe(result)}`);
      }
      assert.deepEqual(await allPages(unit), before);
    },
  ],
  [
    "a bit that may not change, changed → ILLEGAL REQUEST 26/00, nothing changed",
    "SPC-5 6.15",
    async ({ device }) => {
      const unit = await device();
      const before = await allPages(unit);
      const changeable = await allPages(unit, pageControls.changeable);
      for (const [index, page] of before.entries()) {
        const mask = changeable[index]?.bytes ?? Buffer.alloc(0);
        const byte = mask.findIndex((bits, at) => at >= parametersAt(page) && bits === 0);
        if (byte < 0) continue;
        const list = await listOf(unit, page);
        const at = list.length - page.bytes.length + byte;
        list[at] = list[at]! ^ 0x80;
        const result = await unit.raw(modeSelect10(list.length), { dataOut: list });
        checkCondition(`MODE SELECT of ${nameOf(page)}, byte ${byte}`, result, {
          key: "ILLEGAL REQUEST",
          code: 0x2600,
        });
      }
      assert.deepEqual(await allPages(unit), before);
    },
  ],
  [
    "a page that is not there → ILLEGAL REQUEST, invalid field in CDB",
    "SPC-5 6.13",
    async ({ device }) => {
      const result = await sense(await device(), 0x3e, 0);
      checkCondition("MODE SENSE(10)", result, { key: "ILLEGAL REQUEST", code: 0x2400 });
    },
  ],
  [
    "a parameter list cut short → ILLEGAL REQUEST 1A/00, nothing changed",
    "SPC-5 6.15",
    async ({ device }) => {
      const unit = await device();
      const before = await allPages(unit);
      const page = before.find((each) => each.bytes.length > 4);
      assert(page !== undefined);
      const list = (await listOf(unit, page)).subarray(0, -1);
      const result = await unit.raw(modeSelect10(list.length), { dataOut: list });
      checkCondition("MODE SELECT(10)", result, { key: "ILLEGAL REQUEST", code: 0x1a00 });
      assert.deepEqual(await allPages(unit), before);
    },
  ],
]);
