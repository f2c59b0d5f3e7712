/**
 * Makes a volume's files agree again after any end: reads the log, looks at what is there, checks the segments that
 * were not sealed, cuts the first thing that is not whole and all behind it, and says what it cut. What a synchronise
 * point promised is never behind a cut (DESIGN.md, "Recovery").
 */
import assert from "node:assert/strict";
import { dirname } from "node:path";
import { type Disk, type DiskFile, errorCode } from "./disk.ts";
import { emptyReplay, type PartitionReplay, replayRow } from "./log-replay.ts";
import { Manifest, type Segment } from "./manifest.ts";
import { scanSegment, type ScanResult } from "./segment-scan.ts";
import { rewrite } from "./rewrite.ts";
import { segmentHeaderBytes } from "./segment-header.ts";
import type { Target } from "./staging.ts";
import { segmentFileName, segmentFileNumber } from "./volume-file.ts";
import { VolumeLog } from "./volume-log.ts";

/** What opening had to repair; `clean` volumes have nothing in any of it. */
export interface RepairReport {
  readonly logBytesCut: number;
  /** Bytes behind the last good record of a segment. */
  readonly cuts: readonly SegmentCut[];
  readonly segmentsDropped: readonly SegmentName[];
  /** Sealed, without a receipt, and without a file: their data is gone. */
  readonly segmentsLost: readonly SegmentName[];
  readonly filesRemoved: readonly string[];
}

interface SegmentName {
  readonly partition: number;
  readonly number: number;
}

interface SegmentCut extends SegmentName {
  readonly atByte: number;
  readonly bytes: number;
}

export interface RecoveredPartition {
  readonly manifest: Manifest;
  /** Undefined: it is the only one, and has the capacity of the volume. */
  readonly capacityBytes: number | undefined;
  /** Whole, but their `sealed` row is missing: to be sealed again. */
  readonly toSeal: readonly Target[];
  readonly open: Target | undefined;
}

export interface Recovered {
  readonly log: VolumeLog;
  /** By number. */
  readonly partitions: readonly RecoveredPartition[];
  readonly report: RepairReport;
}

/** Where a partition's files are, and whether all that is found there lasts. */
interface Folder {
  readonly disk: Disk;
  readonly directory: string;
  readonly isSettled: boolean;
}

interface Found {
  readonly toSeal: Target[];
  open: Target | undefined;
}

/** The report as it is being made. */
interface Repairs {
  readonly cuts: SegmentCut[];
  readonly segmentsDropped: SegmentName[];
  readonly segmentsLost: SegmentName[];
  readonly filesRemoved: string[];
}

const nameOf = ({ partition, number }: Segment): SegmentName => ({ partition, number });

const openFile = async (disk: Disk, path: string): Promise<DiskFile | undefined> => {
  try {
    return await disk.open(path, "write");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
};

const targetOf = (segment: Segment, path: string, file: DiskFile, scan: ScanResult): Target => ({
  segment,
  path,
  index: scan.index,
  file,
  stagedEnd: scan.end,
  flushedEnd: scan.end,
  fileCrc32c: scan.fileCrc32c,
  dirty: false,
});

/** Checks one segment that has no `sealed` row; undefined when nothing of it is good. */
const recoverOpen = async (
  { disk, directory, isSettled }: Folder,
  segment: Segment,
  replay: PartitionReplay,
  repairs: Repairs,
): Promise<Target | undefined> => {
  const path = `${directory}/${segmentFileName(segment.number)}`;
  const file = await openFile(disk, path);
  if (file === undefined) return undefined;
  const scan = await scanSegment(file, segment, replay.cuts.get(segment.number));
  if (scan.index.count === 0) {
    await file.close();
    return undefined;
  }
  const bytes = (await file.size()) - scan.end;
  if (bytes > 0) {
    await file.truncate(scan.end);
    repairs.cuts.push({ ...nameOf(segment), atByte: scan.end, bytes });
  }
  // What the last process left to the system's memory too: rows written from here on rely on it.
  await (isSettled ? file.datasync() : rewrite(file, 0, scan.end));
  segment.endObject = scan.endObject;
  segment.endFilemark = scan.endFilemark;
  segment.usedBytes = scan.end - segmentHeaderBytes;
  segment.fileBytes = scan.end;
  segment.uncompressed = scan.uncompressed;
  return targetOf(segment, path, file, scan);
};

const settleState = (segment: Segment, present: boolean, repairs: Repairs): void => {
  if (present) return;
  if (segment.state === "uploaded") {
    segment.state = "evicted";
    return;
  }
  segment.state = "lost";
  repairs.segmentsLost.push(nameOf(segment));
};

/** Takes segments over into the manifest until one does not join on. */
const takeOver = async (
  folder: Folder,
  replay: PartitionReplay,
  manifest: Manifest,
  present: ReadonlySet<number>,
  repairs: Repairs,
): Promise<Found> => {
  const found: Found = { toSeal: [], open: undefined };
  for (const segment of replay.segments) {
    if (segment.firstObject !== manifest.endObject) break;
    if (segment.state !== "open") {
      settleState(segment, present.has(segment.number), repairs);
      manifest.add(segment);
      // A sealed one behind an open one: its row was written, so the open one is whole.
      if (found.open !== undefined) found.toSeal.push(found.open);
      found.open = undefined;
      continue;
    }
    const target = await recoverOpen(folder, segment, replay, repairs);
    if (target === undefined) break;
    if (found.open !== undefined) found.toSeal.push(found.open);
    found.open = target;
    manifest.add(segment);
  }
  return found;
};

/** What replaces a file goes under these names first: `.tmp` here, `.partial` by whoever recalls (the vault's client). */
const isUnfinished = (name: string): boolean => name.endsWith(".tmp") || name.endsWith(".partial");

const removeStrays = async (
  { disk, directory }: Folder,
  names: readonly string[],
  manifest: Manifest,
  removed: string[],
): Promise<void> => {
  const before = removed.length;
  for (const name of names) {
    const number = segmentFileNumber(name);
    const stray =
      number === undefined ? isUnfinished(name) : manifest.byNumber(number) === undefined;
    if (!stray) continue;
    await disk.unlink(`${directory}/${name}`);
    removed.push(name);
  }
  // Before a number is used again: an old file must not come back under it.
  if (removed.length > before) await disk.syncDirectory(directory);
};

const recoverPartition = async (
  folder: Folder,
  log: VolumeLog,
  partition: number,
  replay: PartitionReplay,
  repairs: Repairs,
): Promise<RecoveredPartition> => {
  const { disk, directory, isSettled } = folder;
  const names = await disk.readdir(directory);
  if (!isSettled) await disk.syncDirectory(directory);
  const present = new Set(names.map((name) => segmentFileNumber(name) ?? 0));
  const manifest = new Manifest(replay.nextNumber, replay.epoch);
  const { toSeal, open } = await takeOver(folder, replay, manifest, present, repairs);
  const dropped = replay.segments.slice(manifest.segments.length).map(nameOf);
  if (dropped.length > 0) {
    manifest.epoch += 1;
    await log.append({
      kind: "endOfData",
      partition,
      number: manifest.last?.number ?? 0,
      epoch: manifest.epoch,
      objectNumber: manifest.endObject,
      fileNumber: manifest.endFilemark,
      byteOffset: segmentHeaderBytes + (manifest.last?.usedBytes ?? 0),
    });
    await log.sync();
    repairs.segmentsDropped.push(...dropped);
  }
  await removeStrays(folder, names, manifest, repairs.filesRemoved);
  return { manifest, capacityBytes: replay.capacityBytes, toSeal, open };
};

/**
 * Opens the generation whose log is in `logPath`; `directoryOf` names the folder of a partition's segment files. Unless
 * all was `isSettled`, what is found is made to last before anything is built on it.
 */
export const recover = async (
  disk: Disk,
  logPath: string,
  directoryOf: (partition: number) => string,
  isSettled: boolean,
): Promise<Recovered> => {
  const replay = emptyReplay();
  const { log, cutBytes } = await VolumeLog.open(disk, logPath, (row, offset, rowBytes) => {
    replayRow(replay, row, offset, rowBytes);
  });
  assert(replay.generation > 0, `${logPath} does not start with its start row`);
  // Before anything is done that relies on what it says: a file that it drops must not be gone with the row lost.
  if (!isSettled) {
    await disk.syncDirectory(dirname(logPath));
    await log.makeLasting();
  }
  const repairs: Repairs = { cuts: [], segmentsDropped: [], segmentsLost: [], filesRemoved: [] };
  const partitions: RecoveredPartition[] = [];
  for (const [number, one] of replay.partitions.entries()) {
    const folder = { disk, directory: directoryOf(number), isSettled };
    partitions.push(await recoverPartition(folder, log, number, one, repairs));
  }
  return { log, partitions, report: { logBytesCut: cutBytes, ...repairs } };
};
