/**
 * Postgres, uploader, inventory and store stop answering, or die, in the middle of a backup: the host notices nothing,
 * and when they are back everything is in the store and the catalogue agrees.
 */
import {
  type Changer,
  descendantsOf,
  pause,
  type Reelhouse,
  SERVICE_PATTERNS,
  type Tape,
  waitUntil,
} from "@reelhouse/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { inChanger, untilInventoryAgrees } from "./library-agreement.ts";
import { type Product, startProduct } from "./product.ts";
import { noise } from "./random.ts";
import { fetchObjects, untilUploaded } from "./stored.ts";
import { differenceOnTape, insert, putAway } from "./tapes.ts";

/** What the product promises of every WRITE FILEMARKS, whatever is away. */
const FILEMARK_MS_MAX = 5000;
/** Longer than any timer in the gateway that leans on the others. */
const AWAY_MS = 7000;
const BLOCK_BYTES = 200_000;
const FILE_BLOCKS = 4;
/** Enough to do all the while; without it the uploads afterwards would take most of the test's time. */
const PACE_MS = 150;
const { gateway: _, ...OTHERS } = SERVICE_PATTERNS;

let product: Product;
let changer: Changer;
let drive: Tape;

beforeAll(async () => {
  product = await startProduct();
  changer = await product.changer();
  drive = await product.drive();
});
beforeEach(() => product.showOnFailure());
afterAll(() => product.close());

/** Every process but launcher and gateway. */
const others = ({ pid }: Reelhouse): number[] =>
  descendantsOf(pid)
    .filter(({ commandLine }) => Object.values(OTHERS).some((form) => form.test(commandLine)))
    .map((info) => info.pid);

const signalAll = (pids: readonly number[], signal: NodeJS.Signals) => {
  for (const pid of pids) process.kill(pid, signal);
};

/** A tape's contents, and how long the slowest filemark took. */
class Backup {
  readonly barcode: string;
  readonly written: (Buffer | null)[] = [];
  slowestMs = 0;

  constructor(barcode: string) {
    this.barcode = barcode;
  }

  async writeFile(): Promise<void> {
    for (let count = 0; count < FILE_BLOCKS; count += 1) {
      const block = noise(`${this.barcode} ${this.written.length}`, BLOCK_BYTES);
      await drive.write(block);
      this.written.push(block);
    }
    const begun = performance.now();
    await drive.writeFilemarks(1);
    this.slowestMs = Math.max(this.slowestMs, performance.now() - begun);
    this.written.push(null);
  }
}

/** What a backup program does all the while: writes, moves other cartridges, reads back what it wrote. */
const workFor = async (backup: Backup, durationMs: number): Promise<number> => {
  const end = performance.now() + durationMs;
  let rounds = 0;
  const free = (await changer.ofType("storage", false))[0]?.address ?? 0;
  let { address } = await changer.find("RHS008L8");
  let empty = free;
  do {
    await backup.writeFile();
    await changer.move(address, empty);
    [address, empty] = [empty, address];
    rounds += 1;
    await pause(PACE_MS);
    if (rounds % 8 === 0) expect(await differenceOnTape(drive, backup.written)).toBeUndefined();
  } while (performance.now() < end);
  expect(await differenceOnTape(drive, backup.written)).toBeUndefined();
  return rounds;
};

/** A cartridge, and the first files of its backup: some of them are under way when the others stop. */
const begin = async (barcode: string): Promise<Backup> => {
  const backup = new Backup(barcode);
  await insert(changer, drive, barcode);
  for (let count = 0; count < 4; count += 1) await backup.writeFile();
  return backup;
};

const backups: Backup[] = [];

test("all others killed amid a backup → writes, filemarks, reads and moves go on, and the launcher brings them back", async () => {
  const backup = await begin("RHS001L8");
  backups.push(backup);
  const before = product.reelhouse.services();
  expect(Object.keys(before).sort()).toEqual(Object.keys(SERVICE_PATTERNS).sort());
  signalAll(others(product.reelhouse), "SIGKILL");
  await workFor(backup, AWAY_MS);
  expect(backup.slowestMs).toBeLessThan(FILEMARK_MS_MAX);
  await putAway(changer, drive, backup.barcode);
  await waitUntil(
    () => {
      const { length } = Object.keys(product.reelhouse.services());
      return length === Object.keys(SERVICE_PATTERNS).length ? true : undefined;
    },
    { what: "all services to be back", timeoutMs: 60_000 },
  );
  const after = product.reelhouse.services();
  expect(after.gateway).toBe(before.gateway);
  expect(after.postgres).not.toBe(before.postgres);
});

test("all others frozen amid a backup → writes, filemarks, reads and moves go on", async () => {
  const backup = await begin("RHS002L8");
  backups.push(backup);
  const frozen = others(product.reelhouse);
  expect(frozen.length).toBeGreaterThan(Object.keys(OTHERS).length);
  signalAll(frozen, "SIGSTOP");
  try {
    await workFor(backup, AWAY_MS);
  } finally {
    signalAll(frozen.toReversed(), "SIGCONT");
  }
  expect(backup.slowestMs).toBeLessThan(FILEMARK_MS_MAX);
  await putAway(changer, drive, backup.barcode);
});

test("all back → everything is in the store, the catalogue is right, and the inventory knows every place", async () => {
  const { reelhouse } = product;
  expect(backups).toHaveLength(2);
  for (const { barcode, written } of backups) {
    const segments = await untilUploaded(reelhouse.api, barcode);
    expect(segments.at(-1)?.endObject).toBe(written.length);
    await fetchObjects(reelhouse.cloudAccess(), segments);
  }
  await untilInventoryAgrees(reelhouse, await inChanger(changer));
});
