/**
 * Makes a volume's files agree again after any end: reads the log, looks at what is there, checks the segments that
 * were not sealed, cuts the first thing that is not whole and all behind it, and says what it cut. What a synchronise
 * point promised is never behind a cut (DESIGN.md, "Recovery").
 */
import assert from "node:assert/strict";
import { type Disk, type DiskFile, errorCode } from "./disk.ts";
import { emptyReplay, type Replay, replayRow } from "./log-replay.ts";
import { Manifest, type Segment } from "./manifest.ts";
import { scanSegment, type ScanResult } from "./segment-scan.ts";
import { segmentHeaderBytes } from "./segment-header.ts";
import type { Target } from "./staging.ts";
import { segmentFileName, segmentFileNumber } from "./volume-file.ts";
import { VolumeLog } from "./volume-log.ts";

/** What opening had to repair; `clean` volumes have nothing in any of it. */
export interface RepairReport {
  readonly logBytesCut: number;
  /** Bytes behind the last good record of a segment. */
  readonly cuts: readonly {
    readonly number: number;
    readonly atByte: number;
    readonly bytes: number;
  }[];
  readonly segmentsDropped: readonly number[];
  /** Sealed, without a receipt, and without a file: their data is gone. */
  readonly segmentsLost: readonly number[];
  readonly filesRemoved: readonly string[];
}

export interface Recovered {
  readonly log: VolumeLog;
  readonly manifest: Manifest;
  /** Whole, but their `sealed` row is missing: to be sealed again. */
  readonly toSeal: readonly Target[];
  readonly open: Target | undefined;
  readonly report: RepairReport;
}

interface Found {
  readonly toSeal: Target[];
  open: Target | undefined;
  readonly cuts: { number: number; atByte: number; bytes: number }[];
  readonly lost: number[];
}

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
  disk: Disk,
  directory: string,
  segment: Segment,
  replay: Replay,
  found: Found,
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
    found.cuts.push({ number: segment.number, atByte: scan.end, bytes });
  }
  // Also what the last process left to the system's memory: rows written from here on rely on it.
  await file.datasync();
  segment.endObject = scan.endObject;
  segment.endFilemark = scan.endFilemark;
  segment.usedBytes = scan.end - segmentHeaderBytes;
  segment.fileBytes = scan.end;
  return targetOf(segment, path, file, scan);
};

const settleState = (segment: Segment, present: boolean, found: Found): void => {
  if (present) return;
  if (segment.state === "uploaded") {
    segment.state = "evicted";
    return;
  }
  segment.state = "lost";
  found.lost.push(segment.number);
};

/** Takes segments over into the manifest until one does not join on. */
const takeOver = async (
  disk: Disk,
  directory: string,
  replay: Replay,
  manifest: Manifest,
  present: ReadonlySet<number>,
): Promise<Found> => {
  const found: Found = { toSeal: [], open: undefined, cuts: [], lost: [] };
  for (const segment of replay.segments) {
    if (segment.firstObject !== manifest.endObject) break;
    if (segment.state !== "open") {
      settleState(segment, present.has(segment.number), found);
      manifest.add(segment);
      // A sealed one behind an open one: its row was written, so the open one is whole.
      if (found.open !== undefined) found.toSeal.push(found.open);
      found.open = undefined;
      continue;
    }
    const target = await recoverOpen(disk, directory, segment, replay, found);
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
  disk: Disk,
  directory: string,
  names: readonly string[],
  manifest: Manifest,
): Promise<string[]> => {
  const removed: string[] = [];
  for (const name of names) {
    const number = segmentFileNumber(name);
    const stray =
      number === undefined ? isUnfinished(name) : manifest.byNumber(number) === undefined;
    if (!stray) continue;
    await disk.unlink(`${directory}/${name}`);
    removed.push(name);
  }
  // Before a number is used again: an old file must not come back under it.
  if (removed.length > 0) await disk.syncDirectory(directory);
  return removed;
};

/** Opens the generation in `logPath` and `directory` (its only partition, 0). */
export const recover = async (
  disk: Disk,
  logPath: string,
  directory: string,
): Promise<Recovered> => {
  const replay = emptyReplay();
  const { log, cutBytes } = await VolumeLog.open(disk, logPath, (row, offset, rowBytes) => {
    replayRow(replay, row, offset, rowBytes);
  });
  assert(replay.generation > 0, `${logPath} does not start with its start row`);
  const names = await disk.readdir(directory);
  const present = new Set(names.map((name) => segmentFileNumber(name) ?? 0));
  const manifest = new Manifest(replay.nextNumber, replay.epoch);
  const found = await takeOver(disk, directory, replay, manifest, present);
  const dropped = replay.segments.slice(manifest.segments.length).map((segment) => segment.number);
  if (dropped.length > 0) {
    manifest.epoch += 1;
    await log.append({
      kind: "endOfData",
      partition: 0,
      number: manifest.last?.number ?? 0,
      epoch: manifest.epoch,
      objectNumber: manifest.endObject,
      fileNumber: manifest.endFilemark,
      byteOffset: segmentHeaderBytes + (manifest.last?.usedBytes ?? 0),
    });
    await log.sync();
  }
  const filesRemoved = await removeStrays(disk, directory, names, manifest);
  const report = {
    logBytesCut: cutBytes,
    cuts: found.cuts,
    segmentsDropped: dropped,
    segmentsLost: found.lost,
    filesRemoved,
  };
  return { log, manifest, toSeal: found.toSeal, open: found.open, report };
};
