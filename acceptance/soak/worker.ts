/** One drive of the soak: writes files to its tape, reads them back and compares, and comes back when it is cut off. */
import { IscsiError, pause, patiently, type Reelhouse, type Tape } from "@reelhouse/testing";
import type { Random } from "../src/random.ts";
import { bytesOf, Ledger, type LedgerBlock } from "./ledger.ts";

const KIB = 1024;
const BLOCK_LENGTHS = [512, 10 * KIB, 64 * KIB, 256 * KIB, 1024 * KIB] as const;
const BLOCKS_MAX = 12;
/** Four tapes of this are more than the cache holds, so that some is always in the store alone. */
const TAPE_BYTES_MAX = 32 * KIB * KIB;
/** Every so many files one is read back at random. */
const READ_EVERY = 4;
/** A death with its pause, an outage and a recall one after the other, on a busy machine. */
const PATIENCE_MS = 120_000;
const RETRY_MS = 250;

export interface Counts {
  writtenBytes: number;
  readBytes: number;
  filemarks: number;
  reconnections: number;
}

export interface Worker {
  readonly barcode: string;
  readonly counts: Counts;
  readonly losses: readonly string[];
  /** Until `done` says so; then everything is read once more. Throws when the tape cannot be used any more. */
  run(done: () => boolean): Promise<void>;
}

/** A session with the drive, at a known state; asks again while the gateway is away. */
const connect = async (reelhouse: Reelhouse, drive: number): Promise<Tape> => {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      const tape = await reelhouse.openDrive(drive);
      await tape.waitUntilReady(PATIENCE_MS);
      await tape.setBlockLength(0);
      return tape;
    } catch (error) {
      if (!(error instanceof IscsiError || isRefused(error)) || Date.now() > deadline) throw error;
      await pause(RETRY_MS);
    }
  }
};
const isRefused = (error: unknown): boolean =>
  error instanceof Error &&
  "code" in error &&
  (error.code === "ECONNREFUSED" || error.code === "ECONNRESET");

const patient = <T>(act: () => Promise<T>): Promise<T> =>
  patiently(act, { timeoutMs: PATIENCE_MS });

/** Names of what is written next: a file of equal blocks. */
const createSource = (seed: string, barcode: string, random: Random) => {
  let files = 0;
  return (): LedgerBlock[] => {
    files += 1;
    const length = BLOCK_LENGTHS[random.between(0, BLOCK_LENGTHS.length)] ?? KIB;
    return Array.from({ length: random.between(1, BLOCKS_MAX) }, (_, index) => ({
      name: `${seed} ${barcode} file ${files} block ${index}`,
      length,
    }));
  };
};

/** Compares a tape with its ledger. */
const createComparison = (ledger: Ledger, counts: Counts) => {
  const losses: string[] = [];
  const compareObject = async (tape: Tape, number: number): Promise<boolean> => {
    const wanted = ledger.at(number);
    const outcome = await patient(() => tape.read(1024 * KIB));
    const right =
      outcome.kind === "block"
        ? wanted !== null && wanted !== undefined && outcome.data.equals(bytesOf(wanted))
        : outcome.kind === "filemark" && wanted === null;
    const expected = wanted?.name ?? "a filemark";
    if (!right) losses.push(`object ${number}: ${outcome.kind} in the place of ${expected}`);
    if (outcome.kind === "block") counts.readBytes += outcome.length;
    return right;
  };
  return {
    losses,
    /** From `start` to before `end`; stops at the first object that is not what was written. */
    async compare(tape: Tape, start: number, end: number): Promise<void> {
      await patient(() => tape.locate(start));
      for (let number = start; number < end; number += 1)
        if (!(await compareObject(tape, number))) return;
    },
  };
};

export const createWorker = (
  reelhouse: Reelhouse,
  drive: number,
  barcode: string,
  random: Random,
  seed: number,
): Worker => {
  const ledger = new Ledger();
  const counts: Counts = { writtenBytes: 0, readBytes: 0, filemarks: 0, reconnections: 0 };
  const nextFile = createSource(`seed ${seed}`, barcode, random);
  const comparison = createComparison(ledger, counts);
  let session: Tape | undefined;

  /** From the end of what was answered for; whatever a cut-off try left behind it is written over. */
  const writeFile = async (tape: Tape, blocks: readonly LedgerBlock[]) => {
    await patient(() => tape.locate(ledger.length));
    for (const block of blocks) await patient(() => tape.write(bytesOf(block)));
    await patient(() => tape.writeFilemarks(1));
    ledger.add(blocks);
    counts.filemarks += 1;
    for (const { length } of blocks) counts.writtenBytes += length;
  };

  const readBack = async (tape: Tape) => {
    const starts = ledger.fileStarts();
    const at = random.between(0, starts.length);
    await comparison.compare(tape, starts[at] ?? 0, starts[at + 1] ?? ledger.length);
  };

  const turn = async (tape: Tape) => {
    if (ledger.bytes > TAPE_BYTES_MAX) {
      await comparison.compare(tape, 0, ledger.length);
      ledger.clear();
    }
    await writeFile(tape, nextFile());
    if (counts.filemarks % READ_EVERY === 0) await readBack(tape);
  };

  /** Does `work` with a session, once more with a new one whenever it was cut off. */
  const withTape = async (work: (tape: Tape) => Promise<void>) => {
    for (;;) {
      try {
        session ??= await connect(reelhouse, drive);
        return await work(session);
      } catch (error) {
        if (!(error instanceof IscsiError)) throw error;
        session = undefined;
        counts.reconnections += 1;
      }
    }
  };

  return {
    barcode,
    counts,
    losses: comparison.losses,
    async run(done) {
      while (!done() && comparison.losses.length === 0) await withTape(turn);
      if (comparison.losses.length === 0)
        await withTape((tape) => comparison.compare(tape, 0, ledger.length));
      await session?.session.logout();
    },
  };
};
