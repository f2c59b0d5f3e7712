/** LOG SENSE: the lists of pages, every page and parameter framed right (SPC-5 6.8, 7.3). */
import assert from "node:assert/strict";
import type { ScsiDevice } from "@reelhouse/testing";
import { logSense } from "../cdb.ts";
import { checkCondition, good } from "../expect.ts";
import { forBoth } from "./devices.ts";

const hex = (page: number, subpage: number) => `${page.toString(16)}h/${subpage.toString(16)}h`;

const pageData = async (device: ScsiDevice, page: number, subpage = 0): Promise<Buffer> => {
  const result = await device.raw(logSense(page, subpage), { dataInLength: 0xffff });
  const { data } = good("LOG SENSE", result);
  const name = hex(page, subpage);
  assert.equal(data.readUInt8(0) & 0x3f, page, `${name}: its page code`);
  assert.equal(data.readUInt8(1), subpage, `${name}: its subpage code`);
  assert.equal((data.readUInt8(0) & 0x40) !== 0, subpage !== 0, `${name}: SPF`);
  assert.equal(data.readUInt16BE(2), data.length - 4, `${name}: its page length`);
  return data;
};

/** Parameter codes of a page, whose lengths must add up. */
const parameterCodes = (data: Buffer): number[] => {
  const codes: number[] = [];
  let at = 4;
  for (; at + 4 <= data.length; at += 4 + data.readUInt8(at + 3)) codes.push(data.readUInt16BE(at));
  assert.equal(at, data.length, `page ${hex(data.readUInt8(0) & 0x3f, data.readUInt8(1))} adds up`);
  return codes;
};

export const logPages = forBoth("log pages", [
  [
    "page 00h → a list in ascending order that begins with itself",
    "SPC-5 7.3.17",
    async ({ device }) => {
      const pages = [...(await pageData(await device(), 0)).subarray(4)];
      assert.equal(pages[0], 0);
      assert.deepEqual(
        pages,
        [...new Set(pages)].toSorted((one, other) => one - other),
      );
    },
  ],
  [
    "every page that the list names → there, framed, parameter codes ascending",
    "SPC-5 7.3",
    async ({ device }) => {
      const unit = await device();
      for (const page of (await pageData(unit, 0)).subarray(5)) {
        const codes = parameterCodes(await pageData(unit, page));
        assert.deepEqual(
          codes,
          codes.toSorted((one, other) => one - other),
          `parameter codes of page ${hex(page, 0)}`,
        );
      }
    },
  ],
  [
    "page 00h/FFh → pairs, each of them there",
    "SPC-5 7.3.18",
    async ({ device }) => {
      const unit = await device();
      const list = (await pageData(unit, 0, 0xff)).subarray(4);
      for (let at = 0; at + 1 < list.length; at += 2) {
        const [page, subpage] = [list[at] ?? 0, list[at + 1] ?? 0];
        const data = await pageData(unit, page, subpage);
        if (page !== 0 && subpage !== 0xff) parameterCodes(data);
      }
    },
  ],
  [
    "TapeAlert → 64 flags, each of one byte",
    "SSC-5 8.3.3",
    async ({ device }) => {
      const data = await pageData(await device(), 0x2e);
      assert.deepEqual(
        parameterCodes(data),
        Array.from({ length: 64 }, (_, index) => index + 1),
      );
      for (let at = 4; at < data.length; at += 5) assert.equal(data.readUInt8(at + 3), 1);
    },
  ],
  [
    "a parameter pointer → only parameters from there on",
    "SPC-5 6.8",
    async ({ device }) => {
      const unit = await device();
      const result = await unit.raw(logSense(0x2e, 0, 0xffff, 60), { dataInLength: 0xffff });
      assert.deepEqual(parameterCodes(good("LOG SENSE", result).data), [60, 61, 62, 63, 64]);
    },
  ],
  [
    "a page that is not there → ILLEGAL REQUEST, invalid field in CDB",
    "SPC-5 6.8",
    async ({ device }) => {
      const result = await (await device()).raw(logSense(0x3f, 0), { dataInLength: 64 });
      checkCondition("LOG SENSE", result, { key: "ILLEGAL REQUEST", code: 0x2400 });
    },
  ],
]);
