/**
 * Reed-Solomon CRC (ECMA-319 annex D): the four check bytes of a code over GF(256). Its table follows from the field's
 * polynomial and the generator's coefficients; four bytes are taken at a time.
 */

/** x^8 + x^4 + x^3 + x^2 + 1. */
const fieldPolynomial = 0x11d;
/** Coefficients of the generator below x^4: 38h, CFh, 38h, 01h. */
const generator = [0x38, 0xcf, 0x38, 0x01] as const;

/** Product in GF(256). */
function product(one: number, other: number): number {
  let sum = 0;
  let shifted = one;
  for (let bit = 0; bit < 8; bit++) {
    if (((other >> bit) & 1) !== 0) sum ^= shifted;
    shifted = (shifted << 1) ^ ((shifted & 0x80) === 0 ? 0 : fieldPolynomial);
  }
  return sum;
}

/** What a byte leaves in the register as its last. */
const step = Uint32Array.from({ length: 256 }, (_, byte) =>
  generator.reduce((register, factor) => (register << 8) | product(factor, byte), 0),
);
/** And with one more byte of zero after it, and so on. */
const afterZero = (table: Uint32Array): Uint32Array =>
  table.map((register) => (register << 8) ^ step[register >>> 24]!);
const twoSteps = afterZero(step);
const threeSteps = afterZero(twoSteps);
const fourSteps = afterZero(threeSteps);

/** Goes on from `register`, 0 at the beginning; an unsigned number whose highest byte comes first on the wire. */
export function reedSolomonCrc(bytes: Uint8Array, register = 0): number {
  let at = 0;
  let crc = register;
  for (const end = bytes.length - 3; at < end; at += 4) {
    const word =
      crc ^ ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!);
    crc =
      fourSteps[word >>> 24]! ^
      threeSteps[(word >>> 16) & 0xff]! ^
      twoSteps[(word >>> 8) & 0xff]! ^
      step[word & 0xff]!;
  }
  for (; at < bytes.length; at++) crc = (crc << 8) ^ step[(crc >>> 24) ^ bytes[at]!]!;
  return crc >>> 0;
}
