/** Tests only: reads a sealed segment file as DESIGN.md describes it, byte by byte, without the code that wrote it. */
import assert from "node:assert/strict";
import { crc32c } from "@node-rs/crc32";

const u64 = (bytes: Buffer, at: number): number => Number(bytes.readBigUInt64BE(at));

/** Checks every checksum, and that the index says what the records say. */
export const checkSegmentFile = (file: Buffer): void => {
  const crcOf = (from: number, to: number): number => crc32c(file.subarray(from, to));
  const trailer = file.subarray(file.length - 128);
  assert.equal(trailer.toString("latin1", 0, 8), "RHTRAILR");
  assert.equal(trailer.readUInt32BE(124), crc32c(trailer.subarray(0, 124)), "trailer");
  assert.equal(trailer.readUInt32BE(88), crcOf(0, file.length - 128), "file");
  assert.equal(file.toString("latin1", 0, 8), "RHSEGMNT");
  assert.equal(file.readUInt32BE(124), crcOf(0, 124), "header");
  for (const [inHeader, inTrailer, bytes] of [
    [12, 12, 12],
    [24, 24, 8],
    [32, 40, 8],
    [40, 56, 8],
    [56, 96, 16],
  ] as const) {
    const own = file.subarray(inHeader, inHeader + bytes);
    assert.deepEqual(own, trailer.subarray(inTrailer, inTrailer + bytes), "header and trailer");
  }
  const indexOffset = u64(trailer, 72);
  const entries = trailer.readUInt32BE(80);
  assert.equal(file.length, indexOffset + entries * 32 + 128);
  assert.equal(trailer.readUInt32BE(84), crcOf(indexOffset, file.length - 128), "index");
  assert.equal(u64(trailer, 64) - u64(trailer, 56), indexOffset - 128, "medium bytes");
  checkRecords(file, indexOffset, entries, u64(trailer, 32));
};

const checkRecords = (file: Buffer, indexOffset: number, entries: number, endObject: number) => {
  let at = 128;
  let filemarks = u64(file, 32);
  for (let entry = 0; entry < entries; entry += 1) {
    const row = indexOffset + entry * 32;
    const count = file.readUInt32BE(row + 16);
    const blockLength = file.readUInt32BE(row + 20);
    assert.equal(u64(file, row + 8), at);
    assert.equal(u64(file, row + 24), filemarks);
    const end = entry + 1 < entries ? u64(file, row + 32) : endObject;
    assert.equal(u64(file, row) + count, end, "entries join");
    for (let one = 0; one < (blockLength === 0 ? 1 : count); one += 1) {
      assert.equal(file.toString("latin1", at, at + 4), "RHRC");
      assert.equal(file.readUInt32BE(at + 28), crc32c(file.subarray(at, at + 28)));
      assert.equal(file.readUInt8(at + 4), blockLength === 0 ? 2 : 1);
      assert.equal(u64(file, at + 8), u64(file, row) + one);
      const length = file.readUInt32BE(at + 16);
      if (blockLength === 0) assert.ok(length >= count, "a run may have been cut");
      else assert.equal(length, blockLength);
      const payload = file.subarray(at + 32, at + 32 + blockLength);
      assert.equal(file.readUInt32BE(at + 24), blockLength === 0 ? 0 : crc32c(payload));
      at += 32 + blockLength;
    }
    if (blockLength === 0) filemarks += count;
  }
  assert.equal(at, indexOffset);
};
