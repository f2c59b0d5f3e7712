/** One generation of a volume's contents: its log, manifest, writer and reader, made or opened together. */
import { type Disk, errorText, stopIfBroken } from "./disk.ts";
import { logCompactBytesMin } from "./limits.ts";
import type { LogRow, StartRow } from "./log-rows.ts";
import { Manifest, type Segment } from "./manifest.ts";
import type { MediumFault, SegmentDescription, Slab } from "./port.ts";
import { Positioning } from "./positioning.ts";
import { recover, type RepairReport } from "./recovery.ts";
import { segmentHeaderBytes } from "./segment-header.ts";
import { SegmentReader } from "./segment-reader.ts";
import { segmentRow } from "./segment-steps.ts";
import { SegmentWriter, type WriterLimits } from "./segment-writer.ts";
import { generationDirectory, partitionDirectory, segmentFileName } from "./volume-file.ts";
import { VolumeLog } from "./volume-log.ts";

export interface GenerationContext {
  readonly disk: Disk;
  readonly root: string;
  readonly barcode: string;
  readonly uuid: string;
  readonly limits: WriterLimits;
  acquire(): Slab;
  onSealed(segment: Segment): void;
  present(segment: Segment): Promise<MediumFault | undefined>;
}

export interface Generation {
  readonly number: number;
  readonly directory: string;
  readonly log: VolumeLog;
  readonly manifest: Manifest;
  readonly writer: SegmentWriter;
  readonly reader: SegmentReader;
  readonly positioning: Positioning;
}

const startRow = (number: number, uuid: string, manifest: Manifest): StartRow => ({
  kind: "start",
  generation: number,
  nextNumber: manifest.nextNumber,
  epoch: manifest.epoch,
  uuid,
});

const assemble = (
  context: GenerationContext,
  number: number,
  log: VolumeLog,
  manifest: Manifest,
): Generation => {
  const { disk, root, barcode, uuid, limits } = context;
  const directory = partitionDirectory(root, barcode, number, 0);
  const identity = { barcode, uuid, generation: number, partition: 0, directory };
  const writer = new SegmentWriter(disk, log, manifest, identity, limits, (segment) =>
    context.onSealed(segment),
  );
  const reader = new SegmentReader({
    disk,
    directory,
    uuid,
    generation: number,
    acquire: () => context.acquire(),
    target: (segmentNumber) => writer.target(segmentNumber),
    present: (segment) => context.present(segment),
    flush: async () => {
      const flushed = await writer.flush();
      return flushed.kind === "fault" ? flushed : undefined;
    },
  });
  const positioning = new Positioning(manifest, reader);
  return { number, directory, log, manifest, writer, reader, positioning };
};

/** Makes the folders and the log of an empty generation, all on stable storage; nothing refers to it yet. */
export const createGeneration = async (
  context: GenerationContext,
  number: number,
): Promise<Generation> => {
  const { disk, root, barcode, uuid } = context;
  const directory = generationDirectory(root, barcode, number);
  await disk.removeTree(directory);
  await disk.mkdir(partitionDirectory(root, barcode, number, 0));
  const manifest = new Manifest(1, 0);
  const row = startRow(number, uuid, manifest);
  const log = await VolumeLog.create(disk, `${directory}/volume.log`, [row]);
  try {
    await disk.syncDirectory(directory);
    await disk.syncDirectory(`${root}/${barcode}`);
  } catch (error) {
    await log.close();
    throw error;
  }
  return assemble(context, number, log, manifest);
};

/** Opens a generation and repairs what a crash left. */
export const openGeneration = async (
  context: GenerationContext,
  number: number,
): Promise<{ readonly generation: Generation; readonly report: RepairReport }> => {
  const { disk, root, barcode } = context;
  const logPath = `${generationDirectory(root, barcode, number)}/volume.log`;
  const directory = partitionDirectory(root, barcode, number, 0);
  const { log, manifest, toSeal, open, report } = await recover(disk, logPath, directory);
  const generation = assemble(context, number, log, manifest);
  for (const target of toSeal) {
    generation.writer.adopt(target);
    generation.writer.stageSeal();
  }
  if (open !== undefined) generation.writer.adopt(open);
  return { generation, report };
};

const liveBytes = (manifest: Manifest): number => {
  let bytes = 0;
  for (const segment of manifest.segments) {
    bytes += 80 + segment.receiptBytes + (segment.digestAt < 0 ? 0 : 48);
  }
  return bytes;
};

/** Whether more than half of the log is rows that say nothing any more. */
const logIsMostlyDead = ({ log, manifest }: Generation): boolean =>
  log.bytes > logCompactBytesMin && log.bytes > 2 * liveBytes(manifest);

/**
 * Rewrites the log with its live rows. The writer is clean: what the rows say is taken before anything else can be
 * accepted, and rows of later steps wait for their turn behind the new log.
 */
const compactLog = (generation: Generation, uuid: string): Promise<void> => {
  const { log, manifest, writer, number } = generation;
  const rows: LogRow[] = [startRow(number, uuid, manifest)];
  for (const segment of manifest.segments) rows.push(segmentRow(segment, 0));
  const open = writer.current;
  if (open !== undefined) {
    // Stands for every cut of this segment before: what is behind must be of this epoch.
    rows.push({
      kind: "endOfData",
      partition: 0,
      number: open.segment.number,
      epoch: manifest.epoch,
      objectNumber: manifest.endObject,
      fileNumber: manifest.endFilemark,
      byteOffset: segmentHeaderBytes + open.segment.usedBytes,
    });
  }
  const isLive = (row: LogRow, offset: number): boolean => {
    if (row.kind !== "receipt" && row.kind !== "digest") return false;
    const segment = manifest.byNumber(row.number);
    return segment?.receiptAt === offset || segment?.digestAt === offset;
  };
  return log.compact(rows, isLive, (moves) => {
    for (const segment of manifest.segments) {
      segment.receiptAt = moves.get(segment.receiptAt) ?? -1;
      segment.digestAt = moves.get(segment.digestAt) ?? -1;
    }
  });
};

/** Rewrites a mostly dead log, if nothing is on its way to it. Never rejects: a failure is the writer's. */
export const compactIfDead = async (generation: Generation, uuid: string): Promise<void> => {
  if (!generation.writer.clean || !logIsMostlyDead(generation)) return;
  try {
    await compactLog(generation, uuid);
  } catch (error) {
    stopIfBroken(error);
    // The old log still holds, unless the rename came through: opening anew tells.
    generation.writer.fail(`compaction: ${errorText(error)}`);
  }
};

/** A segment as the rest of the house sees it. */
export const describe = (
  generation: number,
  barcode: string,
  segment: Segment,
): SegmentDescription => {
  const { number, state, firstObject, endObject, firstFilemark, endFilemark } = segment;
  return {
    generation,
    partition: 0,
    number,
    state,
    firstObject,
    endObject,
    firstFilemark,
    endFilemark,
    usedBytes: segment.usedBytes,
    dataEndBytes: segmentHeaderBytes + segment.usedBytes,
    segmentBytes: segment.fileBytes,
    objectBytes: segment.objectBytes,
    path: `${barcode}/g${generation}/p0/${segmentFileName(number)}`,
  };
};
