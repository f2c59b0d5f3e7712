/** The bench's load, the same for every target: streams of blocks at a queue depth, and round trips. */
import { randomBytes } from "node:crypto";
import { isPassing } from "../patience.ts";
import type { Tape } from "../tape.ts";
import { pause } from "../wait-until.ts";

export interface Shape {
  readonly blockBytes: number;
  /** Commands in flight. */
  readonly depth: number;
}

export interface StreamResult {
  readonly blocks: number;
  /** Until the last block was GOOD. */
  readonly writeBytesPerSecond: number;
  /** The same, with a WRITE FILEMARKS that makes all of it durable (where the target keeps that promise). */
  readonly durableBytesPerSecond: number;
  readonly readBytesPerSecond: number;
  /** Of one command, from its sending to its answer. Round trips where the depth is 1. */
  readonly writeTrip: Trip;
  readonly readTrip: Trip;
}

/** How long commands took, in microseconds. */
export interface Trip {
  readonly medianUs: number;
  readonly p99Us: number;
}

/** Enough to leave the start behind, little enough that 64 runs, each there and back, end in about a minute. */
export const RUN_BYTES_MAX = 256 * 1024 * 1024;
export const RUN_MS = 500;
const BUSY_WAIT_MS = 20;

/** Half noise, half zeroes in stretches of 4 KiB: compresses about two to one, as backups do. */
export const makeBlock = (blockBytes: number): Buffer => {
  const block = Buffer.alloc(blockBytes);
  const stretch = 4096;
  for (let at = 0; at < blockBytes; at += stretch)
    randomBytes(Math.min(stretch / 2, blockBytes - at)).copy(block, at);
  return block;
};

/**
 * Keeps `depth` calls of `start` in flight, slot by slot, until it was called `countMax` times or time is up. Gives how
 * long each took, in milliseconds.
 */
const stream = async (
  depth: number,
  countMax: number,
  runMs: number,
  start: (slot: number) => Promise<unknown>,
): Promise<number[]> => {
  const deadline = performance.now() + runMs;
  const times: number[] = [];
  let count = 0;
  const lane = async (slot: number) => {
    let begun = performance.now();
    while (count < countMax && begun < deadline) {
      count += 1;
      await start(slot);
      const ended = performance.now();
      times.push(ended - begun);
      begun = ended;
    }
  };
  await Promise.all(Array.from({ length: depth }, (_, slot) => lane(slot)));
  return times;
};

const tripOf = (timesMs: readonly number[]): Trip => {
  const sorted = timesMs.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? 0) * 1000;
  return { medianUs: at(0.5), p99Us: at(0.99) };
};

/** BUSY costs time, as it would a host; the blocks are all the same, so their order does not matter here. */
const untilTaken = async (act: () => Promise<unknown>): Promise<void> => {
  for (;;) {
    try {
      await act();
      return;
    } catch (error) {
      if (!isPassing(error)) throw error;
      await pause(BUSY_WAIT_MS);
    }
  }
};

/** Writes from BOP, then reads the same back. The first block that comes back is compared with what was written. */
export const runStream = async (tape: Tape, shape: Shape): Promise<StreamResult> => {
  const { blockBytes, depth } = shape;
  const block = makeBlock(blockBytes);
  await tape.rewind();
  const begun = performance.now();
  const countMax = Math.floor(RUN_BYTES_MAX / blockBytes);
  const writes = await stream(depth, countMax, RUN_MS, () => untilTaken(() => tape.write(block)));
  const blocks = writes.length;
  const written = performance.now();
  await untilTaken(() => tape.writeFilemarks(1));
  const durable = performance.now();
  await tape.rewind();

  const buffers = Array.from({ length: depth }, () => Buffer.alloc(blockBytes));
  const first = await tape.read(blockBytes);
  if (first.kind !== "block" || !first.data.equals(block))
    throw new Error("the target gave back something else than was written");
  const readBegun = performance.now();
  const reads = await stream(depth, blocks - 1, RUN_MS * 2, async (slot) => {
    const outcome = await tape.read(blockBytes, buffers[slot]);
    if (outcome.kind !== "block") throw new Error(`${outcome.kind} in the midst of the blocks`);
  });
  const readEnded = performance.now();
  const rate = (count: number, ms: number) => (count * blockBytes) / (ms / 1000);
  return {
    blocks,
    writeBytesPerSecond: rate(blocks, written - begun),
    durableBytesPerSecond: rate(blocks, durable - begun),
    readBytesPerSecond: rate(reads.length, readEnded - readBegun),
    writeTrip: tripOf(writes),
    readTrip: tripOf(reads),
  };
};

const ROUND_TRIPS = 3000;

/** TEST UNIT READY, one at a time: what a command costs that carries nothing. */
export const runRoundTrips = async (tape: Tape): Promise<Trip> =>
  tripOf(await stream(1, ROUND_TRIPS, RUN_MS, () => tape.testUnitReady()));
