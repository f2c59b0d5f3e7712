/**
 * Is what lies in the bucket readable? Three looks at an object's raw bytes: their entropy, whether a zstd frame can be
 * opened in them, and whether strings that are in the plain data for certain can be found.
 */
import { zstdDecompressSync } from "node:zlib";

export interface Inspection {
  /** Bits of Shannon entropy a byte; 8 for noise. */
  readonly entropyBits: number;
  /** Probes that were found: none may be. */
  readonly found: readonly string[];
  /** Offsets at which a zstd frame begins and opens. */
  readonly zstdFrames: readonly number[];
}

const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

export const entropyOf = (bytes: Uint8Array): number => {
  const counts = new Uint32Array(256);
  for (const byte of bytes) counts[byte] = (counts[byte] ?? 0) + 1;
  let bits = 0;
  for (const count of counts) {
    if (count === 0) continue;
    const share = count / bytes.length;
    bits -= share * Math.log2(share);
  }
  return bits;
};

/** How a decoder ends that got through a frame's blocks and then found the end missing, or something after it. */
const CAME_FAR = new Set<unknown>([
  "ZSTD_error_srcSize_wrong",
  "ZSTD_error_checksum_wrong",
  "ZSTD_error_prefix_unknown",
]);

const opens = (bytes: Buffer): boolean => {
  try {
    zstdDecompressSync(bytes);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && CAME_FAR.has(error.code);
  }
};

const zstdFramesIn = (bytes: Buffer): number[] => {
  const frames: number[] = [];
  for (let at = bytes.indexOf(ZSTD_MAGIC); at >= 0; at = bytes.indexOf(ZSTD_MAGIC, at + 1))
    if (opens(bytes.subarray(at))) frames.push(at);
  return frames;
};

export const inspect = (bytes: Buffer, probes: readonly string[]): Inspection => ({
  entropyBits: entropyOf(bytes),
  found: probes.filter((probe) => bytes.includes(probe)),
  zstdFrames: zstdFramesIn(bytes),
});

/** Noise of a megabyte has more than 7.999; compressed text lies near 7.99 and fails the other looks. */
const ENTROPY_BITS_MIN = 7.99;

export const looksEncrypted = (inspection: Inspection): boolean =>
  inspection.entropyBits >= ENTROPY_BITS_MIN &&
  inspection.found.length === 0 &&
  inspection.zstdFrames.length === 0;
