/** The partitions of the medium (SSC-5 4.2.7): which there are, where one ends, how sizes that are asked for come out. */
import type { Density } from "../cartridges/density.ts";
import type { Medium } from "../medium.ts";

/** A cartridge is cut by wraps, as many as its format has and all of one size here. */
const wrapsOf = ({ tracks, channels }: Density): number => tracks / channels;
const wrapsMin = 2;
const megabyte = 1_000_000;
const mebibyte = 1024 * 1024;
/** On small test cartridges two wraps would hold no block: a partition then has room for a few of the largest. */
const partitionBytesMin = 32 * mebibyte;
export const partitionsMax = 4;

export const partitionCount = ({ partitions }: Medium): number => partitions.length;

/** Capacity of the partition the medium stands in. */
export const partitionCapacityBytes = ({ partitions, position, capacityBytes }: Medium): number =>
  partitions[position.partition]?.capacityBytes ?? capacityBytes;

export const partitionCapacities = ({ partitions }: Medium): readonly number[] =>
  partitions.map((each) => each.capacityBytes);

/** What FORMAT MEDIUM shares out: less than the native capacity after SET CAPACITY. */
export const formattedBytes = (medium: Medium): number =>
  partitionCapacities(medium).reduce((sum, bytes) => sum + bytes, 0);

/** Objects from the position to end of data are filemarks only (or there are none). */
export function onlyFilemarksAfter({ partitions, position }: Medium): boolean {
  if (position.endOfData) return true;
  const partition = partitions[position.partition];
  if (partition === undefined) return false;
  return (
    partition.objectCount - position.objectNumber === partition.filemarkCount - position.fileNumber
  );
}

/** The least a partition of a cartridge of `totalBytes` can have. */
const partitionMinBytes = (totalBytes: number, density: Density): number =>
  Math.min(
    Math.floor(totalBytes / partitionsMax),
    Math.max(wrapsMin * Math.ceil(totalBytes / wrapsOf(density)), partitionBytesMin),
  );

export type PartitionSize = number | "rest";

/**
 * Sizes as the cartridge gives them: each rounded up to whole wraps and to the minimum; one `"rest"` takes what is
 * left, or without one the first. Undefined: they do not fit.
 *
 * Hosts write sizes for cartridges of full size, where 1 GB means "the least there is": LTFS asks for it. On a small
 * cartridge that it does not fit on, a size that a full one rounds up to its minimum is the minimum here.
 */
export function fitPartitions(
  totalBytes: number,
  density: Density,
  sizes: readonly PartitionSize[],
): readonly number[] | undefined {
  const fullMin = partitionMinBytes(density.capacityMegabytes * megabyte, density);
  const scaled = () => sizes.map((size) => (size !== "rest" && size <= fullMin ? 0 : size));
  return (
    roundPartitions(totalBytes, density, sizes) ?? roundPartitions(totalBytes, density, scaled())
  );
}

function roundPartitions(
  totalBytes: number,
  density: Density,
  sizes: readonly PartitionSize[],
): readonly number[] | undefined {
  const wrapBytes = Math.ceil(totalBytes / wrapsOf(density));
  const min = partitionMinBytes(totalBytes, density);
  const rounded = sizes.map((size) =>
    size === "rest" ? 0 : Math.max(min, Math.ceil(size / wrapBytes) * wrapBytes),
  );
  const left = totalBytes - rounded.reduce((sum, size) => sum + size, 0);
  const rests = sizes.filter((size) => size === "rest").length;
  if (rests > 1 || left < rests * min) return undefined;
  const takesRest = rests === 1 ? sizes.indexOf("rest") : 0;
  return rounded.map((size, number) => (number === takesRest ? size + left : size));
}

/** `count` partitions of the same size; the first has what division leaves. */
export function equalPartitions(totalBytes: number, count: number): readonly number[] {
  const each = Math.floor(totalBytes / count);
  return Array.from({ length: count }, (_, number) =>
    number === 0 ? totalBytes - each * (count - 1) : each,
  );
}

export const capacityProportionMax = 0xffff;

/** That part of the native capacity; never less than the smallest partition. */
export const proportionOf = (
  { capacityBytes }: Medium,
  density: Density,
  proportion: number,
): number =>
  Math.max(partitionMinBytes(capacityBytes, density), Math.floor(capacityBytes * proportion));
