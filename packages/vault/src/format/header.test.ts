import { describe, expect, it } from "vitest";
import {
  decodeHeader,
  encodeHeader,
  frameCount,
  framePlaintextBytes,
  HEADER_BYTES,
} from "./header.ts";
import type { Header } from "./header.ts";

const HEADER: Header = {
  compression: "zstd",
  frameBytes: 1024 * 1024,
  plaintextBytes: 5_000_000_000,
  salt: Buffer.alloc(32, 1),
  commitment: Buffer.alloc(32, 2),
  segmentId: "gw1/RHS001L8/g1/p0/00000001",
};

describe("header", () => {
  it("encoded and decoded → the same header", () => {
    const bytes = encodeHeader(HEADER);
    expect(bytes).toHaveLength(HEADER_BYTES);
    expect(decodeHeader(bytes)).toEqual(HEADER);
  });

  const spoiled: readonly (readonly [string, number, number])[] = [
    ["another magic", 0, 0x88],
    ["a later version", 9, 2],
    ["an unknown cipher suite", 10, 2],
    ["an unknown compression", 11, 2],
    ["frames of 16 GiB", 12, 0xff],
    ["a length beyond 2^53", 16, 0xff],
    ["a segment id longer than its field", 88, 0xff],
    ["a reserved byte that is not 0", 91, 1],
    ["padding that is not 0", 223, 1],
  ];
  it.each(spoiled)("%s → OBJECT_FORMAT", (_what, offset, value) => {
    const bytes = encodeHeader(HEADER);
    bytes[offset] = value;
    expect(() => decodeHeader(bytes)).toThrow(expect.objectContaining({ code: "OBJECT_FORMAT" }));
  });

  it("too few bytes → OBJECT_FORMAT", () => {
    const bytes = encodeHeader(HEADER).subarray(0, HEADER_BYTES - 1);
    expect(() => decodeHeader(bytes)).toThrow(expect.objectContaining({ code: "OBJECT_FORMAT" }));
  });

  it.each([
    [0, 1, 0],
    [1, 1, 1],
    [4096, 1, 4096],
    [4097, 2, 1],
    [8192, 2, 4096],
  ])("%i bytes in frames of 4096 → %i frames, the last of %i", (plaintextBytes, count, last) => {
    const size = { frameBytes: 4096, plaintextBytes };
    expect(frameCount(size)).toBe(count);
    expect(framePlaintextBytes(size, count - 1)).toBe(last);
  });
});
