/** INQUIRY: standard data and every vital product data page (SPC-5 6.6, 7.7). */
import assert from "node:assert/strict";
import type { ScsiDevice } from "@reelhouse/testing";
import { inquiryPage } from "../cdb.ts";
import { checkCondition, fieldPointer, good } from "../expect.ts";
import { forBoth } from "./devices.ts";

const pageData = async (device: ScsiDevice, page: number): Promise<Buffer> => {
  const { data } = good("INQUIRY", await device.raw(inquiryPage(page), { dataInLength: 0xffff }));
  const name = `page ${page.toString(16)}h`;
  assert.equal(data.readUInt8(1), page, `${name}: its page code`);
  assert.equal(data.readUInt16BE(2), data.length - 4, `${name}: its page length`);
  return data;
};

const DEVICE_TYPES = { drive: 0x01, changer: 0x08 } as const;
const designatorTypes = { t10: 1, naa: 3 } as const;
const associations = { logicalUnit: 0 } as const;

export const vitalProductData = forBoth("vital product data", [
  [
    "standard data → device type, removable, additional length, printable names",
    "SPC-5 6.6.2",
    async ({ device, kind }) => {
      const { data } = good(
        "INQUIRY",
        await (await device()).raw([0x12, 0, 0, 0xff, 0xff, 0], { dataInLength: 0xffff }),
      );
      assert.equal(data.readUInt8(0), DEVICE_TYPES[kind]);
      assert.equal(data.readUInt8(1) & 0x80, 0x80, "RMB");
      assert.equal(data.readUInt8(3) & 0x0f, 2, "response data format");
      assert.equal(data.readUInt8(4), data.length - 5, "additional length");
      assert.match(data.toString("latin1", 8, 36), /^[ -~]+$/);
    },
  ],
  [
    "page 00h → ascending, and every page it names is there and framed",
    "SPC-5 7.7.16",
    async ({ device, kind }) => {
      const unit = await device();
      const pages = [...(await pageData(unit, 0)).subarray(4)];
      assert.deepEqual(
        pages,
        [...new Set(pages)].toSorted((one, other) => one - other),
      );
      for (const required of [0x00, 0x80, 0x83]) assert(pages.includes(required));
      for (const page of pages)
        assert.equal((await pageData(unit, page)).readUInt8(0), DEVICE_TYPES[kind]);
    },
  ],
  [
    "page 83h → designators framed, one of T10 or NAA for the logical unit",
    "SPC-5 7.7.6",
    async ({ device }) => {
      const data = await pageData(await device(), 0x83);
      const types: number[] = [];
      let at = 4;
      for (; at + 4 <= data.length; at += 4 + data.readUInt8(at + 3)) {
        const association = (data.readUInt8(at + 1) >> 4) & 0x03;
        const type = data.readUInt8(at + 1) & 0x0f;
        if (association === associations.logicalUnit) types.push(type);
        if (type === designatorTypes.naa)
          assert([8, 16].includes(data.readUInt8(at + 3)), "an NAA designator of 8 or 16 bytes");
      }
      assert.equal(at, data.length, "the designators add up");
      assert(types.includes(designatorTypes.naa) || types.includes(designatorTypes.t10));
    },
  ],
  [
    "page 80h → a serial number, the same at each asking and of no other device",
    "SPC-5 7.7.19",
    async ({ device, kind }, bench) => {
      const unit = await device();
      const serial = await unit.serialNumber();
      assert(serial.length > 0);
      assert.equal(await unit.serialNumber(), serial);
      if (kind === "changer") assert.notEqual(await (await bench.drive()).serialNumber(), serial);
    },
  ],
  [
    "a page that is not there → ILLEGAL REQUEST, field pointer at the page code",
    "SPC-5 6.6.1",
    async ({ device }) => {
      const result = await (await device()).raw(inquiryPage(0x7e), { dataInLength: 255 });
      checkCondition("INQUIRY", result, { key: "ILLEGAL REQUEST", code: 0x2400 });
      assert.equal(fieldPointer(result)?.byte, 2);
    },
  ],
  [
    "a page code without EVPD → ILLEGAL REQUEST, invalid field in CDB",
    "SPC-5 6.6.1",
    async ({ device }) => {
      const result = await (await device()).raw([0x12, 0, 0x80, 0, 255, 0], { dataInLength: 255 });
      checkCondition("INQUIRY", result, { key: "ILLEGAL REQUEST", code: 0x2400 });
    },
  ],
]);
