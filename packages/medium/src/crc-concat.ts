/**
 * The CRC-32C of bytes that follow one another, made of the checksums of its parts: no byte is looked at a second time.
 *
 * A checksum is a polynomial over GF(2) modulo Castagnoli's, its bits reflected. Appending n bytes multiplies what came
 * before by x^(8n), so that crc(A then B) = crc(A) * x^(8 * |B|) + crc(B). Both inversions of the usual form cancel out.
 */

/** Castagnoli's polynomial, reflected (RFC 7143 13.1). */
const polynomial = 0x82_f6_3b_78;
const highestBit = 0x80_00_00_00;

/** a * b modulo the polynomial; bit 31 is the coefficient of x^0. */
const multiply = (a: number, b: number): number => {
  let product = 0;
  let factor = b;
  for (let bit = highestBit; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) product ^= factor;
    factor = (factor & 1) === 0 ? factor >>> 1 : (factor >>> 1) ^ polynomial;
  }
  return product >>> 0;
};

/** x^(8 * 2^k) for each k: lengths have at most 53 bits. */
const powers = ((): readonly number[] => {
  const list = [highestBit >>> 8];
  for (let k = 1; k < 53; k += 1) list.push(multiply(list[k - 1] ?? 0, list[k - 1] ?? 0));
  return list;
})();

const appending = (byteLength: number): number => {
  let factor = highestBit;
  let rest = byteLength;
  for (let k = 0; rest > 0; k += 1) {
    if (rest % 2 === 1) factor = multiply(factor, powers[k] ?? 0);
    rest = Math.floor(rest / 2);
  }
  return factor;
};

/** Factors of lengths met before: blocks of a tape are mostly of one length, their headers always. */
const factors = new Map<number, number>();
const factorsMax = 64;

const factorOf = (byteLength: number): number => {
  const known = factors.get(byteLength);
  if (known !== undefined) return known;
  if (factors.size >= factorsMax) factors.clear();
  const factor = appending(byteLength);
  factors.set(byteLength, factor);
  return factor;
};

/** CRC-32C of A then B, from those of A and B and the length of B in bytes. */
export const crc32cConcat = (first: number, second: number, secondByteLength: number): number =>
  (multiply(first, factorOf(secondByteLength)) ^ second) >>> 0;
