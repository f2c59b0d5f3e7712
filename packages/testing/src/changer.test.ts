/** READ ELEMENT STATUS as SMC-3 6.11 lays it out, written by hand. */
import { expect, test } from "vitest";
import { parseElementStatus } from "./changer.ts";

const tag = (barcode: string) => {
  const bytes = Buffer.alloc(36);
  bytes.write(barcode.padEnd(32), "latin1");
  return bytes;
};

const page = (type: number, flags: number, descriptors: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(descriptors);
  const header = Buffer.alloc(8);
  header[0] = type;
  header[1] = flags;
  header.writeUInt16BE(descriptors[0]?.length ?? 0, 2);
  header.writeUIntBE(body.length, 5, 3);
  return Buffer.concat([header, body]);
};

const report = (...pages: Buffer[]): Buffer => {
  const body = Buffer.concat(pages);
  const header = Buffer.alloc(8);
  header.writeUIntBE(body.length, 5, 3);
  return Buffer.concat([header, body]);
};

const descriptor = (address: number, flags: number, source?: number): Buffer => {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt16BE(address, 0);
  bytes[2] = flags;
  if (source !== undefined) {
    bytes[9] = 0x80;
    bytes.writeUInt16BE(source, 10);
  }
  return bytes;
};

test("two pages with volume tags → elements with barcodes and sources", () => {
  const storage = [0, 1].map((index) =>
    Buffer.concat([
      descriptor(20000 + index, index === 0 ? 0x09 : 0x08),
      tag(index === 0 ? "RHS001L8" : ""),
      Buffer.alloc(4),
    ]),
  );
  const drive = Buffer.concat([
    descriptor(10000, 0x09, 20005),
    tag("RHS002L8"),
    Buffer.from([2, 0, 0, 6]),
    Buffer.from("SERIAL"),
  ]);
  const elements = parseElementStatus(report(page(2, 0x80, storage), page(4, 0x80, [drive])));
  expect(elements.map(({ address, barcode, full }) => [address, barcode, full])).toEqual([
    [20000, "RHS001L8", true],
    [20001, undefined, false],
    [10000, "RHS002L8", true],
  ]);
  expect(elements[2]).toMatchObject({
    type: "dataTransfer",
    sourceAddress: 20005,
    deviceIdentifier: "SERIAL",
    access: true,
  });
});

test("a volume tag of zeroes → no barcode", () => {
  const empty = Buffer.concat([descriptor(20000, 0x08), Buffer.alloc(36), Buffer.alloc(4)]);
  expect(parseElementStatus(report(page(2, 0x80, [empty])))[0]?.barcode).toBeUndefined();
});

test("EXCEPT set → its ASC and ASCQ", () => {
  const bytes = descriptor(20000, 0x0d);
  bytes[4] = 0x83;
  const padded = Buffer.concat([bytes, Buffer.alloc(4)]);
  expect(parseElementStatus(report(page(2, 0, [padded])))[0]?.exception).toEqual({
    asc: 0x83,
    ascq: 0,
  });
});

test("an answer cut by the allocation length → whole descriptors only", () => {
  const whole = report(
    page(
      2,
      0,
      [1, 2, 3].map((index) => Buffer.concat([descriptor(index, 8), Buffer.alloc(4)])),
    ),
  );
  expect(parseElementStatus(whole.subarray(0, whole.length - 5)).length).toBe(2);
});

test("an element type that is none → said", () => {
  expect(() => parseElementStatus(report(page(9, 0, [descriptor(1, 8)])))).toThrow(
    /element type 9/,
  );
});
