/** Every structure of the format: what was encoded is decoded again, and what was damaged is refused. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crc32cOf, readU64, uuidBytes, uuidText, writeU64 } from "./bytes.ts";
import { decodeLogRow, encodeLogRow, type LogRow } from "./log-rows.ts";
import { decodeRecordHeader, encodeRecordHeader, recordHeaderBytes } from "./record-header.ts";
import { decodeSegmentHeader, encodeSegmentHeader } from "./segment-header.ts";
import { SegmentIndex } from "./segment-index.ts";
import { decodeSegmentTrailer, encodeSegmentTrailer } from "./segment-trailer.ts";

const u32 = fc.integer({ min: 0, max: 0xff_ff_ff_ff });
const u64 = fc.maxSafeNat();
const partition = fc.integer({ min: 0, max: 3 });
const uuid = fc.uuid();
const sha256 = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString("hex"));

const recordHeader = fc
  .record({
    type: fc.constantFrom(1 as const, 2 as const),
    marks: fc.integer({ min: 0, max: 3 }),
    logicalObjectNumber: u64,
    length: fc.integer({ min: 1, max: 0xff_ff_ff_ff }),
    epoch: u32,
    payloadCrc32c: u32,
  })
  .map((header) => (header.type === 1 ? header : { ...header, marks: 0 }));
const segmentHeader = fc.record({
  partition,
  generation: u32,
  number: u32,
  epoch: u32,
  uuid,
  firstObject: u64,
  firstFilemark: u64,
  firstByte: u64,
  barcode: fc.stringMatching(/^[A-Z0-9]{5,16}$/),
});
const trailer = fc.record({
  partition,
  generation: u32,
  number: u32,
  uuid,
  firstObject: u64,
  endObject: u64,
  firstFilemark: u64,
  endFilemark: u64,
  firstByte: u64,
  endByte: u64,
  indexOffset: u64,
  indexEntries: u32,
  indexCrc32c: u32,
  fileCrc32c: u32,
});
const logRow: fc.Arbitrary<LogRow> = fc.oneof(
  fc.record({ kind: fc.constant("start"), generation: u32, nextNumber: u32, epoch: u32, uuid }),
  fc.record({
    kind: fc.constant("partition"),
    partition,
    nextNumber: u32,
    epoch: u32,
    capacityBytes: u64,
  }),
  fc.record({
    kind: fc.constant("segment"),
    state: fc.constantFrom("open", "sealed"),
    uncompressed: fc.boolean(),
    partition,
    number: u32,
    epoch: u32,
    indexEntries: u32,
    firstObject: u64,
    endObject: u64,
    firstFilemark: u64,
    endFilemark: u64,
    firstByte: u64,
    usedBytes: u64,
    fileBytes: u64,
  }),
  fc.record({
    kind: fc.constant("receipt"),
    partition,
    number: u32,
    objectBytes: u64,
    receiptJson: fc.json().map((text) => Buffer.from(text, "utf8")),
  }),
  fc.record({ kind: fc.constant("digest"), partition, number: u32, sha256 }),
  fc.record({
    kind: fc.constant("endOfData"),
    partition,
    number: u32,
    epoch: u32,
    objectNumber: u64,
    fileNumber: u64,
    byteOffset: u64,
  }),
);

/** One bit of `bytes` is another. */
const flip = (bytes: Buffer, bit: number): Buffer => {
  const damaged = Buffer.from(bytes);
  const at = Math.floor(bit / 8) % damaged.length;
  damaged.writeUInt8(damaged.readUInt8(at) ^ (1 << (bit % 8)), at);
  return damaged;
};

describe("format", () => {
  it("64-bit numbers → the same, big-endian", () => {
    fc.assert(
      fc.property(u64, (value) => {
        const bytes = Buffer.alloc(8);
        writeU64(bytes, value, 0);
        expect(bytes.readBigUInt64BE()).toBe(BigInt(value));
        expect(readU64(bytes, 0)).toBe(value);
      }),
    );
  });
  it("a 64-bit number past 2^53 → refused", () => {
    expect(() => readU64(Buffer.from("0020000000000000", "hex"), 0)).toThrow();
  });
  it("UUIDs → the same", () => {
    fc.assert(
      fc.property(uuid, (text) => {
        expect(uuidText(uuidBytes(text))).toBe(text);
      }),
    );
  });
});

describe("structures", () => {
  it("record headers → the same; one bit wrong → refused", () => {
    fc.assert(
      fc.property(recordHeader, fc.nat(), (header, bit) => {
        const slab = Buffer.alloc(64, 0xaa);
        const bytes = Buffer.from(encodeRecordHeader(header, slab, 16));
        expect(bytes.length).toBe(recordHeaderBytes);
        expect(slab.subarray(0, 16).every((byte) => byte === 0xaa)).toBe(true);
        expect(decodeRecordHeader(bytes)).toEqual(header);
        expect(decodeRecordHeader(flip(bytes, bit))).toBeUndefined();
      }),
    );
  });
  it("segment headers → the same; one bit wrong → refused", () => {
    fc.assert(
      fc.property(segmentHeader, fc.nat(), (header, bit) => {
        const bytes = encodeSegmentHeader(header);
        expect(bytes.length).toBe(128);
        expect(decodeSegmentHeader(bytes)).toEqual(header);
        expect(decodeSegmentHeader(flip(bytes, bit))).toBeUndefined();
      }),
    );
  });
  it("trailers → the same; one bit wrong → refused", () => {
    fc.assert(
      fc.property(trailer, fc.nat(), (one, bit) => {
        const bytes = encodeSegmentTrailer(one);
        expect(bytes.length).toBe(128);
        expect(decodeSegmentTrailer(bytes)).toEqual(one);
        expect(decodeSegmentTrailer(flip(bytes, bit))).toBeUndefined();
      }),
    );
  });
  it("log rows → the same; one bit wrong → torn or short", () => {
    fc.assert(
      fc.property(logRow, fc.nat(), (row, bit) => {
        const bytes = encodeLogRow(row);
        const decoded = decodeLogRow(bytes, 0);
        if (typeof decoded === "string") throw new Error(decoded);
        expect({ ...decoded.row }).toEqual(row);
        expect(decoded.rowBytes).toBe(bytes.length);
        expect(decodeLogRow(bytes.subarray(0, bytes.length - 1), 0)).toBe("short");
        expect(["torn", "short"]).toContain(decodeLogRow(flip(bytes, bit), 0));
      }),
    );
  });
  it("a whole row of a kind from the future → the log is not opened", () => {
    const bytes = encodeLogRow({
      kind: "digest",
      partition: 0,
      number: 1,
      sha256: "00".repeat(32),
    });
    bytes.writeUInt8(99, 8);
    expect(decodeLogRow(bytes, 0)).toBe("torn");
    bytes.writeUInt32BE(crc32cOf([bytes.subarray(8)], crc32cOf([bytes.subarray(0, 4)])), 4);
    expect(() => decodeLogRow(bytes, 0)).toThrow(/unknown kind 99/);
  });
});

describe("index", () => {
  const objects = fc.array(
    fc.tuple(fc.constantFrom(0, 0, 512, 512, 777), fc.integer({ min: 1, max: 5 })),
    {
      minLength: 1,
      maxLength: 60,
    },
  );

  it("any run of records → every object and filemark is found where it is, also after a cut", () => {
    fc.assert(
      fc.property(objects, fc.nat(), (runs, cutAt) => {
        const index = new SegmentIndex();
        const places: { byteOffset: number; fileNumber: number; blockLength: number }[] = [];
        const marks: number[] = [];
        let byteOffset = 128;
        for (const [blockLength, count] of runs) {
          const first = places.length;
          index.add({
            firstObject: first,
            byteOffset,
            count: blockLength === 0 ? count : 1,
            blockLength,
            filemarksBefore: marks.length,
          });
          for (let one = 0; one < (blockLength === 0 ? count : 1); one += 1) {
            const inRun = one === 0 ? 0 : 32;
            places.push({ byteOffset: byteOffset + inRun, fileNumber: marks.length, blockLength });
            if (blockLength === 0) marks.push(first + one);
          }
          byteOffset += 32 + blockLength;
        }
        const check = (end: number): void => {
          for (let object = 0; object < end; object += 1) {
            expect(index.placeOf(object)).toEqual(places[object]);
          }
          const left = marks.filter((object) => object < end);
          expect(left.map((_, filemark) => index.objectOfFilemark(filemark))).toEqual(left);
        };
        check(places.length);
        const end = 1 + (cutAt % places.length);
        index.cut(end);
        check(end);
        const last = index.entry(index.count - 1);
        expect(last.firstObject + last.count).toBe(end);
      }),
    );
  });
});
