/** CRC32C against the examples the iSCSI standard prints (RFC 7143 Appendix A.4 "CRC Examples"). */
import { expect, test } from "vitest";
import { digestBytes, digestOf, readDigest } from "./digest.ts";

const ascending = Uint8Array.from({ length: 32 }, (_, index) => index);

test.each([
  ["32 bytes of zeros", new Uint8Array(32), "aa36918a"],
  ["32 bytes of ones", new Uint8Array(32).fill(0xff), "43aba862"],
  ["32 bytes ascending", ascending, "4e79dd46"],
  ["32 bytes descending", ascending.toReversed(), "5cdb3f11"],
])("%s → the digest on the wire", (_what, bytes, wire) => {
  expect(Buffer.from(digestBytes(digestOf([bytes]))).toString("hex")).toBe(wire);
});

test("the same bytes in several views → the same digest", () => {
  const views = [ascending.subarray(0, 5), ascending.subarray(5, 5), ascending.subarray(5)];
  expect(digestOf(views)).toBe(digestOf([ascending]));
  expect(readDigest(digestBytes(digestOf(views)))).toBe(digestOf([ascending]));
});
