/** Random numbers and bytes that a seed gives again: a failed run is run once more with the seed that it printed. */
import { createCipheriv, createHash, randomInt } from "node:crypto";

const SEED_MAX = 2 ** 31;
const NOTHING_BYTES = 1024 * 1024;
const NOTHING = Buffer.alloc(NOTHING_BYTES);

/** A seed of its own for each run, or the one that REELHOUSE_TEST_SEED names; printed, since only that makes it useful. */
export const chooseSeed = (test: string): number => {
  // oxlint-disable-next-line node/no-process-env -- how a developer repeats a run
  const given = process.env["REELHOUSE_TEST_SEED"];
  const seed = given === undefined ? randomInt(SEED_MAX) : Number(given);
  console.log(`${test}: REELHOUSE_TEST_SEED=${seed}`);
  return seed;
};

/** `length` bytes that look like noise (so nothing compresses them), the same for the same name. At most 1 MiB. */
export const noise = (name: string, length: number): Buffer => {
  const key = createHash("sha256").update(name).digest();
  return createCipheriv("aes-256-ctr", key, Buffer.alloc(16)).update(NOTHING.subarray(0, length));
};

export interface Random {
  /** A whole number, from `from` to below `to`. */
  between(from: number, to: number): number;
}

/** Numbers of a sequence that the seed determines. */
export const createRandom = (seed: number): Random => {
  let count = 0;
  return {
    between(from, to) {
      count += 1;
      const value = noise(`${seed} number ${count}`, 6).readUIntBE(0, 6);
      return from + Math.floor((value / 2 ** 48) * (to - from));
    },
  };
};
