/**
 * One generation of a volume's contents: its log and, for each partition, manifest, writer and reader; made or opened
 * together. The partitions share the log, and so a failure: none is written when one cannot be.
 */
import assert from "node:assert/strict";
import type { Disk } from "./disk.ts";
import { compactLog } from "./log-compaction.ts";
import type { PartitionRow, StartRow } from "./log-rows.ts";
import { Manifest, type Segment } from "./manifest.ts";
import { type MediumFault, type Slab, type WriteResult, written } from "./port.ts";
import { Positioning } from "./positioning.ts";
import { recover, type RepairReport } from "./recovery.ts";
import { SegmentReader } from "./segment-reader.ts";
import type { WriterLimits } from "./segment-steps.ts";
import { SegmentWriter } from "./segment-writer.ts";
import { generationDirectory, partitionDirectory } from "./volume-file.ts";
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
  renew(segment: Segment): Promise<boolean>;
}

export interface Partition {
  readonly number: number;
  readonly directory: string;
  /** Undefined: it is the only one, and has the capacity of the volume. */
  readonly capacityBytes: number | undefined;
  readonly manifest: Manifest;
  readonly writer: SegmentWriter;
  readonly reader: SegmentReader;
  readonly positioning: Positioning;
}

export interface Generation {
  readonly number: number;
  readonly log: VolumeLog;
  readonly partitions: readonly Partition[];
}

/** What makes a partition before it has a writer and a reader. */
interface PartitionContents {
  readonly manifest: Manifest;
  readonly capacityBytes: number | undefined;
}

/** What the log begins with: the start row, and a row for each partition where there is a table of them. */
export const firstRows = (
  generation: number,
  uuid: string,
  partitions: readonly PartitionContents[],
): (StartRow | PartitionRow)[] => {
  const { nextNumber, epoch } = partitions[0]?.manifest ?? new Manifest(1, 0);
  const rows: (StartRow | PartitionRow)[] = [
    { kind: "start", generation, nextNumber, epoch, uuid },
  ];
  for (const [partition, { manifest, capacityBytes }] of partitions.entries()) {
    if (capacityBytes === undefined) continue;
    const counts = { nextNumber: manifest.nextNumber, epoch: manifest.epoch };
    rows.push({ kind: "partition", partition, ...counts, capacityBytes });
  }
  return rows;
};

const assemblePartition = (
  context: GenerationContext,
  generation: number,
  number: number,
  log: VolumeLog,
  { manifest, capacityBytes }: PartitionContents,
  failed: (reason: string) => void,
): Partition => {
  const { disk, root, barcode, uuid, limits } = context;
  const directory = partitionDirectory(root, barcode, generation, number);
  const identity = { barcode, uuid, generation, partition: number, directory };
  const sealed = (segment: Segment) => context.onSealed(segment);
  const writer = new SegmentWriter(disk, log, manifest, identity, limits, { sealed, failed });
  const reader = new SegmentReader({
    disk,
    directory,
    uuid,
    generation,
    acquire: () => context.acquire(),
    target: (segmentNumber) => writer.target(segmentNumber),
    present: (segment) => context.present(segment),
    renew: (segment) => context.renew(segment),
    flush: async () => {
      const flushed = await writer.flush();
      return flushed.kind === "fault" ? flushed : undefined;
    },
  });
  const positioning = new Positioning(manifest, reader);
  return { number, directory, capacityBytes, manifest, writer, reader, positioning };
};

const assemble = (
  context: GenerationContext,
  number: number,
  log: VolumeLog,
  contents: readonly PartitionContents[],
): Generation => {
  const partitions: Partition[] = [];
  const generation = { number, log, partitions };
  const failed = (reason: string) => failGeneration(generation, reason);
  for (const [at, one] of contents.entries()) {
    partitions.push(assemblePartition(context, number, at, log, one, failed));
  }
  return generation;
};

/**
 * Makes the folders and the log of an empty generation, all on stable storage; nothing refers to it yet. Without
 * capacities there is one partition with the capacity of the volume.
 */
export const createGeneration = async (
  context: GenerationContext,
  number: number,
  capacitiesBytes: readonly (number | undefined)[],
): Promise<Generation> => {
  const { disk, root, barcode, uuid } = context;
  const directory = generationDirectory(root, barcode, number);
  await disk.removeTree(directory);
  const contents: PartitionContents[] = [];
  for (const [partition, capacityBytes] of capacitiesBytes.entries()) {
    await disk.mkdir(partitionDirectory(root, barcode, number, partition));
    contents.push({ manifest: new Manifest(1, 0), capacityBytes });
  }
  const rows = firstRows(number, uuid, contents);
  const log = await VolumeLog.create(disk, `${directory}/volume.log`, rows);
  try {
    await disk.syncDirectory(directory);
    await disk.syncDirectory(`${root}/${barcode}`);
  } catch (error) {
    await log.close();
    throw error;
  }
  return assemble(context, number, log, contents);
};

/** Opens a generation and repairs what a crash left. */
export const openGeneration = async (
  context: GenerationContext,
  number: number,
  isSettled: boolean,
): Promise<{ readonly generation: Generation; readonly report: RepairReport }> => {
  const { disk, root, barcode } = context;
  const logPath = `${generationDirectory(root, barcode, number)}/volume.log`;
  const directoryOf = (partition: number) => partitionDirectory(root, barcode, number, partition);
  const { log, partitions, report } = await recover(disk, logPath, directoryOf, isSettled);
  const generation = assemble(context, number, log, partitions);
  for (const [at, { toSeal, open }] of partitions.entries()) {
    const { writer } = partitionOf(generation, at);
    for (const target of toSeal) {
      writer.adopt(target);
      writer.stageSeal();
    }
    if (open !== undefined) writer.adopt(open);
  }
  return { generation, report };
};

export const partitionOf = (generation: Generation, number: number): Partition => {
  const partition = generation.partitions[number];
  assert(partition !== undefined, `there is no partition ${number}`);
  return partition;
};

/** Why nothing can be written until the volume is opened anew. */
export const failureOf = ({ partitions }: Generation): string | undefined =>
  partitions[0]?.writer.failed;

/** A step that had to succeed did not: nothing of any partition is written any more. */
export const failGeneration = ({ partitions }: Generation, reason: string): void => {
  for (const { writer } of partitions) writer.fail(reason);
};

/** Everything accepted is on stable storage, and no sync is under way. */
export const isClean = ({ partitions }: Generation): boolean =>
  partitions.every(({ writer }) => writer.clean);

/** All accepted before, in all partitions, is on stable storage when it says "written". */
export const synchronizeAll = async ({ partitions }: Generation): Promise<WriteResult> => {
  let result: WriteResult = written;
  for (const { writer } of partitions) {
    const synced = await writer.synchronize();
    if (result.kind === "written") result = synced;
  }
  return result;
};

/** Lets go of every file; nothing of it is used afterwards. */
export const closeGeneration = async ({ partitions, log }: Generation): Promise<void> => {
  for (const { reader, writer } of partitions) {
    await reader.release();
    await writer.close();
  }
  await log.close();
};

/** Rewrites a mostly dead log, if nothing is on its way to it. Never rejects: a failure is the writers'. */
export const compactIfDead = async (generation: Generation, uuid: string): Promise<void> => {
  if (!isClean(generation)) return;
  const { number, partitions, log } = generation;
  const failed = await compactLog(log, partitions, firstRows(number, uuid, partitions));
  if (failed !== undefined) failGeneration(generation, failed);
};
