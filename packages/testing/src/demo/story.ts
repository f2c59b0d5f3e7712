/** The demo's story, step by step: back up, upload, push out of the cache, look at the bucket, recall, compare. */
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Changer } from "../changer.ts";
import type { Reelhouse } from "../harness/reelhouse.ts";
import type { Tape } from "../tape.ts";
import { waitUntil } from "../wait-until.ts";
import {
  BLOCK_BYTES,
  backUp,
  eject,
  greet,
  newProgress,
  ready,
  restore,
  writeFile,
} from "./backup.ts";
import { compareTrees, type Comparison } from "./compare.ts";
import { describe, isAllUploaded, watch, whereabouts, type Whereabouts } from "./progress.ts";
import { megabytes, type Screen } from "./screen.ts";
import type { SourceTree } from "./source-tree.ts";
import { checkObjects, probesOnDisk, type StoreCheck } from "./store-check.ts";

export interface Stage {
  readonly reelhouse: Reelhouse;
  readonly screen: Screen;
  readonly tree: SourceTree;
  /** For tar's list and the restored files. */
  readonly workDir: string;
}

export interface Outcome {
  readonly tapeBytes: number;
  readonly tapeBlocks: number;
  readonly afterEviction: Whereabouts;
  readonly atTheEnd: Whereabouts;
  readonly store: StoreCheck;
  readonly comparison: Comparison;
}

export const BACKUP_TAPE = "RHS001L8";
const FILLER_TAPE = "RHS002L8";
const UPLOAD_TIMEOUT_MS = 60_000;
/** Each round of other data; the cache is small, so a few rounds push out what it may give up. */
const FILLER_ROUND_BLOCKS = 32;
const FILLER_ROUNDS_MAX = 24;
const FILLER_SETTLE_MS = 3000;

interface Devices {
  readonly changer: Changer;
  readonly drive: Tape;
  readonly driveAddress: number;
}

const openDevices = async ({ reelhouse, screen }: Stage): Promise<Devices> => {
  const changer = await greet(await reelhouse.openChanger());
  const drive = await greet(await reelhouse.openDrive(1));
  const [first] = await changer.ofType("dataTransfer");
  if (first === undefined) throw new Error("the library has no drive");
  const [robot, mechanism] = [await changer.inquiry(), await drive.inquiry()];
  screen.line(
    `   changer ${robot.vendor} ${robot.product}, drive ${mechanism.vendor} ${mechanism.product}`,
  );
  return { changer, drive, driveAddress: first.address };
};

const insert = async ({ changer, drive, driveAddress }: Devices, barcode: string) => {
  await changer.load(barcode, driveAddress);
  await ready(drive);
};

const putAway = async ({ changer, drive }: Devices, barcode: string) => {
  await eject(drive);
  return changer.store(barcode);
};

const writeTree = async (stage: Stage, devices: Devices) => {
  const { reelhouse, screen, tree, workDir } = stage;
  const progress = newProgress();
  await insert(devices, BACKUP_TAPE);
  const head = () => `written ${megabytes(progress.bytes)} | `;
  const work = backUp(devices.drive, tree, join(workDir, "list"), progress);
  await watch(screen, reelhouse.api, BACKUP_TAPE, head, work);
  screen.line(`   ${progress.blocks} blocks of ${BLOCK_BYTES / 1024} KiB and a filemark, durable`);
  if (progress.refusals > 0)
    screen.line(`   the drive said BUSY ${progress.refusals} times while the cache made room`);
  const slot = await putAway(devices, BACKUP_TAPE);
  screen.line(`   unloaded and put back into slot ${slot}`);
  return progress;
};

const untilUploaded = ({ reelhouse, screen }: Stage): Promise<Whereabouts> => {
  const done = waitUntil(
    async () => {
      const where = await whereabouts(reelhouse.api, BACKUP_TAPE);
      return isAllUploaded(where) ? where : undefined;
    },
    { what: "the upload of every segment", timeoutMs: UPLOAD_TIMEOUT_MS },
  );
  return watch(screen, reelhouse.api, BACKUP_TAPE, () => "", done);
};

const allEvicted = async ({ reelhouse }: Stage): Promise<Whereabouts | undefined> => {
  const where = await whereabouts(reelhouse.api, BACKUP_TAPE);
  return where.segments.every((segment) => segment.place === "store") ? where : undefined;
};

/** Writes noise to another tape, round by round, until the cache has given up the first one's every segment. */
const pushOut = async (stage: Stage, devices: Devices): Promise<Whereabouts> => {
  const { screen, reelhouse } = stage;
  const noise = randomBytes(BLOCK_BYTES);
  const round = Array.from({ length: FILLER_ROUND_BLOCKS }, () => noise);
  const progress = newProgress();
  const fill = async (): Promise<Whereabouts> => {
    for (let count = 0; count < FILLER_ROUNDS_MAX; count += 1) {
      const where = await allEvicted(stage);
      if (where !== undefined) return where;
      await writeFile(devices.drive, round, progress);
    }
    const options = { what: "the eviction of the first tape", timeoutMs: FILLER_SETTLE_MS };
    return waitUntil(() => allEvicted(stage), options);
  };
  await insert(devices, FILLER_TAPE);
  const head = () => `${FILLER_TAPE} written ${megabytes(progress.bytes)} | ${BACKUP_TAPE} `;
  const where = await watch(screen, reelhouse.api, BACKUP_TAPE, head, fill());
  await putAway(devices, FILLER_TAPE);
  screen.line(`   ${BACKUP_TAPE}: ${describe(where)}`);
  return where;
};

const lookAtBucket = async (stage: Stage, where: Whereabouts, onDisk: readonly string[]) => {
  const { reelhouse, screen } = stage;
  const store = await checkObjects(reelhouse.cloudAccess(), where.segments);
  screen.line(
    `   ${store.objects} objects, ${megabytes(store.bytes)}, fetched raw with a signed GET`,
  );
  screen.line(
    `   least entropy ${store.leastEntropyBits.toFixed(5)} of 8 bits a byte; no zstd frame opens`,
  );
  screen.line(`   searched for ${onDisk.map((probe) => JSON.stringify(probe)).join(", ")}:`);
  screen.line(
    `   all were in the cache's plain files before; in the bucket: ${store.faults.length === 0 ? "none" : "FOUND"}`,
  );
  for (const fault of store.faults) screen.line(`   ! ${fault}`);
  return store;
};

const readBack = async (stage: Stage, devices: Devices): Promise<Comparison> => {
  const { reelhouse, screen, tree, workDir } = stage;
  const folder = join(workDir, "restored");
  mkdirSync(folder);
  await insert(devices, BACKUP_TAPE);
  const progress = newProgress();
  const head = () => `read ${megabytes(progress.bytes)} | `;
  const work = restore(devices.drive, folder, progress);
  await watch(screen, reelhouse.api, BACKUP_TAPE, head, work);
  const comparison = compareTrees(tree, folder);
  screen.line(
    `   ${comparison.files} files and ${comparison.links} links compared by SHA-256, mode and time`,
  );
  for (const difference of comparison.differences.slice(0, 20)) screen.line(`   ! ${difference}`);
  await putAway(devices, BACKUP_TAPE);
  return comparison;
};

/** Plays the story. Throws Error when a step cannot be done; what is found wrong stands in the outcome. */
export const play = async (stage: Stage): Promise<Outcome> => {
  const { screen, reelhouse } = stage;
  const { step } = screen;
  const devices = await step("Log in to the library over iSCSI", () => openDevices(stage));
  const written = await step(`Back up to ${BACKUP_TAPE}`, () => writeTree(stage, devices));
  const onDisk = probesOnDisk(reelhouse.dataDir, BACKUP_TAPE);
  await step("Wait until everything is in the object store", () => untilUploaded(stage));
  const afterEviction = await step(`Push it out of the cache with ${FILLER_TAPE}`, () =>
    pushOut(stage, devices),
  );
  const store = await step("Look at what the bucket holds", () =>
    lookAtBucket(stage, afterEviction, onDisk),
  );
  const comparison = await step(`Recall ${BACKUP_TAPE}, restore, compare`, () =>
    readBack(stage, devices),
  );
  const atTheEnd = await whereabouts(reelhouse.api, BACKUP_TAPE);
  await devices.drive.session.logout();
  await devices.changer.session.logout();
  const { bytes: tapeBytes, blocks: tapeBlocks } = written;
  return { tapeBytes, tapeBlocks, afterEviction, atTheEnd, store, comparison };
};
