/** A backup that goes on whatever happens: it writes, logs in again when its session is cut, and knows what it was promised. */
import { IscsiError, patiently, waitUntil, type Session, type Tape } from "@reelhouse/testing";
import { noise } from "../src/random.ts";
import { atBeginning, firstDifference, PATIENCE_MS, readAll, type Written } from "../src/tapes.ts";
import { openDrive, type Prepared } from "./deployment.ts";

const BLOCK_BYTES = 64 * 1024;
const BLOCKS_PER_FILE = 8;
const RETURN_TIMEOUT_MS = 90_000;

export interface Backup {
  /** Writes a file (blocks and a filemark) and returns when it is promised to be on the tape. */
  writeFile(): Promise<void>;
  /** Reads everything again: what was promised must be there, then a prefix of what was sent. Says what is not. */
  fault(): Promise<string | undefined>;
  /** How many objects were promised so far. */
  readonly promisedCount: number;
  readonly cutCount: number;
  /** The one it writes in now. */
  readonly session: Session;
  close(): Promise<void>;
}

/** As when a backup program tries its drive again: until it is there, or for as long as an operator would wait. */
const reconnect = (prepared: Prepared): Promise<Tape> =>
  waitUntil(
    async () => {
      try {
        const drive = await openDrive(prepared);
        await drive.waitUntilReady(PATIENCE_MS);
        return drive;
      } catch {
        return undefined;
      }
    },
    { what: "the drive to be back", timeoutMs: RETURN_TIMEOUT_MS },
  );

/** Begins at BOP of what lies in drive 1. */
export const beginBackup = async (prepared: Prepared, seed: string): Promise<Backup> => {
  let drive = await openDrive(prepared);
  await atBeginning(drive);
  let sent: (Buffer | null)[] = [];
  let promisedCount = 0;
  let cutCount = 0;

  /** Reads the tape from BOP; what nobody promised may be missing at its end, and is then written once more. */
  const lookAgain = async (): Promise<string | undefined> => {
    await atBeginning(drive);
    const found: Written = await readAll(drive);
    if (found.length < promisedCount)
      return `${found.length} objects found, ${promisedCount} promised`;
    const difference = firstDifference(found, sent.slice(0, found.length));
    sent = sent.slice(0, found.length);
    promisedCount = found.length;
    return difference;
  };

  const send = async () => {
    const from = sent.length;
    const blocks = Array.from({ length: BLOCKS_PER_FILE }, (_, at) =>
      noise(`${seed} object ${from + at}`, BLOCK_BYTES),
    );
    for (const object of [...blocks, null]) {
      sent.push(object);
      const write = () => (object === null ? drive.writeFilemarks(1) : drive.write(object));
      await patiently(write, { timeoutMs: PATIENCE_MS });
    }
    promisedCount = sent.length;
  };

  return {
    get promisedCount() {
      return promisedCount;
    },
    get cutCount() {
      return cutCount;
    },
    get session() {
      return drive.session;
    },
    writeFile: async () => {
      for (;;) {
        try {
          return await send();
        } catch (error) {
          if (!(error instanceof IscsiError)) throw error;
          cutCount += 1;
          drive = await reconnect(prepared);
          const fault = await lookAgain();
          if (fault !== undefined) throw new Error(fault, { cause: error });
        }
      }
    },
    fault: lookAgain,
    close: async () => {
      await drive.session.logout();
    },
  };
};
