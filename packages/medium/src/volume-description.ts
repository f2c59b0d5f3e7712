/** The figures of a volume and of its segments, from sums that are kept as they change. */
import type { Generation, Partition } from "./generation.ts";
import type { Segment } from "./manifest.ts";
import type { MediumPartition, SegmentDescription } from "./port.ts";
import { segmentHeaderBytes } from "./segment-header.ts";
import type { SegmentState } from "./segment-state.ts";
import { segmentFileName, type StoredAttribute, type VolumeFile } from "./volume-file.ts";

/** Sums are over all partitions. */
export interface VolumeDescription {
  readonly barcode: string;
  readonly uuid: string;
  readonly generation: number;
  readonly capacityBytes: number;
  /** By number; there is always one. */
  readonly partitions: readonly MediumPartition[];
  readonly worm: boolean;
  readonly pool: string | null;
  readonly writeProtected: boolean;
  readonly createdAt: string;
  readonly wrappedKey: unknown;
  /** Medium auxiliary memory, in order of partition and identifier. */
  readonly attributes: readonly StoredAttribute[];
  readonly objects: number;
  readonly filemarks: number;
  readonly segments: number;
  /** Medium bytes between BOP and end of data, record headers included. */
  readonly usedBytes: number;
  /** Of those: with a receipt; on this disk; without a receipt. */
  readonly uploadedBytes: number;
  readonly cachedBytes: number;
  readonly pendingBytes: number;
  /** What the files take on this disk: those that must stay, and those that may be evicted. */
  readonly diskPendingBytes: number;
  readonly diskCleanBytes: number;
}

export const describePartition = (
  { capacityBytes, manifest }: Partition,
  file: VolumeFile,
): MediumPartition => ({
  capacityBytes: capacityBytes ?? file.capacityBytes,
  usedBytes: manifest.endByte,
  objectCount: manifest.endObject,
  filemarkCount: manifest.endFilemark,
});

/** One figure of all segments in these states. */
const sum = (
  { partitions }: Generation,
  figure: "usedBytes" | "fileBytes" | "objectBytes",
  states: readonly SegmentState[],
): number => {
  let total = 0;
  for (const { manifest } of partitions)
    for (const state of states) total += manifest.sums[state][figure];
  return total;
};

const inStore = ["uploaded", "evicted", "recalling"] as const;

export const describeVolume = (file: VolumeFile, generation: Generation): VolumeDescription => {
  const { barcode, uuid, capacityBytes, worm, pool } = file;
  const { writeProtected, createdAt, wrappedKey, attributes = [] } = file;
  const partitions = generation.partitions.map((one) => describePartition(one, file));
  const total = (figure: Exclude<keyof MediumPartition, "capacityBytes">) =>
    partitions.reduce((added, one) => added + one[figure], 0);
  return {
    barcode,
    uuid,
    generation: file.generation,
    capacityBytes,
    partitions,
    worm,
    pool,
    writeProtected,
    createdAt,
    wrappedKey,
    attributes,
    objects: total("objectCount"),
    filemarks: total("filemarkCount"),
    segments: generation.partitions.reduce((count, one) => count + one.manifest.segments.length, 0),
    usedBytes: total("usedBytes"),
    uploadedBytes: sum(generation, "usedBytes", inStore),
    cachedBytes: sum(generation, "usedBytes", ["open", "sealed", "uploaded"]),
    pendingBytes: sum(generation, "usedBytes", ["open", "sealed", "lost"]),
    diskPendingBytes: sum(generation, "fileBytes", ["open", "sealed"]),
    diskCleanBytes: sum(generation, "fileBytes", ["uploaded"]),
  };
};

/** What the vault made of the segments that are in it: their files' bytes, and their objects'. */
export const describeCompression = (generation: Generation) => ({
  inBytes: sum(generation, "fileBytes", inStore),
  outBytes: sum(generation, "objectBytes", inStore),
});

/** A segment as the rest of the house sees it. */
export const describeSegment = (
  generation: number,
  barcode: string,
  segment: Segment,
): SegmentDescription => {
  const { partition, number, state, firstObject, endObject } = segment;
  const { firstFilemark, endFilemark, uncompressed } = segment;
  return {
    generation,
    partition,
    number,
    state,
    firstObject,
    endObject,
    firstFilemark,
    endFilemark,
    usedBytes: segment.usedBytes,
    dataEndBytes: segmentHeaderBytes + segment.usedBytes,
    segmentBytes: segment.fileBytes,
    uncompressed,
    objectBytes: segment.objectBytes,
    path: `${barcode}/g${generation}/p${partition}/${segmentFileName(number)}`,
  };
};
