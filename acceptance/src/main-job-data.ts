/** What the main job writes: blocks from 512 bytes to 1 MiB, noise and text that compresses. */
import { noise } from "./random.ts";
import type { Written } from "./tapes.ts";

export const MIB = 1024 * 1024;

/** Compresses well: encryption must hide it all the same. */
const text = (name: string, length: number) =>
  Buffer.from(`${name} lies here in the clear. `.repeat(length / 16)).subarray(0, length);

/** Blocks of one length each, written with WRITE(6) FIXED=1. */
export const FIXED = [512, 4096, 65_536, MIB].map((blockLength) => ({
  blockLength,
  bytes: noise(`fixed ${blockLength}`, Math.min(4 * blockLength, MIB)),
}));
/** A first file of all lengths, a second of equal ones, and an empty third. */
export const VARIABLE: Written = [
  ...[512, 513, 1000, 10_240, 65_537, 262_144, MIB - 1, MIB].map((length, index) =>
    index % 2 === 0 ? noise(`block ${length}`, length) : text(`block ${length}`, length),
  ),
  null,
  ...Array.from({ length: 10 }, (_, index) => text(`second file, block ${index}`, 262_144)),
  null,
  null,
];
/** All of it as the tape holds it: the fixed blocks one by one, a filemark after each length. */
export const WRITTEN: Written = [
  ...VARIABLE,
  ...FIXED.flatMap(({ blockLength, bytes }) => [
    ...Array.from({ length: bytes.length / blockLength }, (_, index) =>
      bytes.subarray(index * blockLength, (index + 1) * blockLength),
    ),
    null,
  ]),
];
export const BLOCKS = WRITTEN.filter((object) => object !== null);
export const WRITTEN_BYTES = BLOCKS.reduce((sum, block) => sum + block.length, 0);
/** More than the cache holds. */
export const FILLER = Array.from({ length: 24 }, (_, index) => noise(`filler ${index}`, MIB));
