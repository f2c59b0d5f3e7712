/** What a backup program does with a library: a cartridge into a drive and back, blocks out and in again. */
import { type Changer, patiently, type Tape } from "@reelhouse/testing";

/** A recall, a full cache or a busy machine may hold a command up so long. */
export const PATIENCE_MS = 60_000;
/** As long as any block that these tests write. */
export const BLOCK_BYTES_MAX = 1024 * 1024;

/** Blocks, with null for a filemark. */
export type Written = readonly (Buffer | null)[];

/** Makes a loaded drive ready: blocks of variable length, at BOP. */
export const atBeginning = async (drive: Tape): Promise<void> => {
  await drive.waitUntilReady(PATIENCE_MS);
  await drive.setBlockLength(0);
  await drive.rewind();
};

/** Puts the cartridge into the first drive's mechanism. */
export const insert = async (changer: Changer, drive: Tape, barcode: string): Promise<void> => {
  const [first] = await changer.ofType("dataTransfer");
  await changer.load(barcode, first?.address);
  await atBeginning(drive);
};

/** Unloads, and moves the cartridge to where it came from. */
export const putAway = async (changer: Changer, drive: Tape, barcode: string): Promise<number> => {
  await patiently(() => drive.unload(), { timeoutMs: PATIENCE_MS });
  return changer.store(barcode);
};

/** Writes what is told, from the position on, asking again while the cache is full. */
export const writeAll = async (drive: Tape, objects: Written): Promise<void> => {
  for (const object of objects) {
    const write = () => (object === null ? drive.writeFilemarks(1) : drive.write(object));
    await patiently(write, { timeoutMs: PATIENCE_MS });
  }
};

/** Everything from the position to the end of data. */
export const readAll = async (drive: Tape): Promise<(Buffer | null)[]> => {
  const objects: (Buffer | null)[] = [];
  for (;;) {
    const read = () => drive.read(BLOCK_BYTES_MAX);
    const outcome = await patiently(read, { timeoutMs: PATIENCE_MS });
    if (outcome.kind === "endOfData") return objects;
    objects.push(outcome.kind === "filemark" ? null : outcome.data);
  }
};

const same = (one: Buffer | null | undefined, other: Buffer | null | undefined): boolean =>
  one instanceof Buffer && other instanceof Buffer ? one.equals(other) : one === other;

const nameOf = (object: Buffer | null | undefined): string =>
  object === null ? "a filemark" : object === undefined ? "nothing" : `${object.length} bytes`;

/** Where the two differ first; a diff of megabytes would help nobody. */
export const firstDifference = (read: Written, written: Written): string | undefined => {
  const count = Math.max(read.length, written.length);
  for (let at = 0; at < count; at += 1)
    if (!same(read[at], written[at]))
      return `object ${at}: ${nameOf(read[at])} read, ${nameOf(written[at])} written`;
  return undefined;
};

/** Reads from BOP to the end of data: how that differs from what was written, if it does. */
export const differenceOnTape = async (
  drive: Tape,
  written: Written,
): Promise<string | undefined> => {
  await atBeginning(drive);
  return firstDifference(await readAll(drive), written);
};
