/** Reed-Solomon CRC (ECMA-319 annex D) and CRC-32C against published values. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { hex } from "../../testing-initiator.ts";
import { guards } from "./methods.ts";
import { reedSolomonCrc } from "./reed-solomon-crc.ts";

// Entries of the table that drives' references print.
test.each([
  [0x00, 0x00000000],
  [0x01, 0x38cf3801],
  [0x02, 0x70837002],
  [0x03, 0x484c4803],
  [0x10, 0xa76ca710],
  [0x7f, 0x2778277f],
  [0x80, 0x51475180],
  [0xaa, 0xaf2aafaa],
  [0xff, 0x763f76ff],
])("byte %i → the table's entry", (byte, entry) => {
  expect(reedSolomonCrc(Uint8Array.of(byte))).toBe(entry);
});

test("four bytes at a time or one → the same", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), (bytes, cut) => {
      const one = bytes.reduce((crc, byte) => reedSolomonCrc(Uint8Array.of(byte), crc), 0);
      expect(reedSolomonCrc(bytes)).toBe(one);
      expect(reedSolomonCrc(bytes.subarray(cut), reedSolomonCrc(bytes.subarray(0, cut)))).toBe(one);
    }),
  );
});

test("block with its check bytes → a code word: remainder zero", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const guard = guards[1]!([bytes]);
      expect(reedSolomonCrc(guard, reedSolomonCrc(bytes))).toBe(0);
    }),
  );
});

test("CRC-32C of the examples of iSCSI → as they are on the wire", () => {
  expect(hex(guards[2]!([new Uint8Array(32)]))).toBe("aa36918a");
  expect(hex(guards[2]!([new Uint8Array(16).fill(0xff), new Uint8Array(16).fill(0xff)]))).toBe(
    "43aba862",
  );
});
