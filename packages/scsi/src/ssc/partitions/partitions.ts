/** The partitions of the medium (SSC-5 4.2.7): which there are, where one ends, how sizes that are asked for come out. */
import type { Medium } from "../medium.ts";

/** A cartridge is cut by wraps: the number an LTO-8 cartridge has, all of one size here. */
const wraps = 208;
const wrapsMin = 2;
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
export const partitionMinBytes = (totalBytes: number): number =>
  Math.min(
    Math.floor(totalBytes / partitionsMax),
    Math.max(wrapsMin * Math.ceil(totalBytes / wraps), partitionBytesMin),
  );

/**
 * Sizes as the cartridge gives them: each rounded up to whole wraps and to the minimum; one `"rest"` takes what is
 * left, or without one the first. Undefined: they do not fit.
 */
export function fitPartitions(
  totalBytes: number,
  sizes: readonly (number | "rest")[],
): readonly number[] | undefined {
  const wrapBytes = Math.ceil(totalBytes / wraps);
  const min = partitionMinBytes(totalBytes);
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
export const proportionOf = ({ capacityBytes }: Medium, proportion: number): number =>
  Math.max(partitionMinBytes(capacityBytes), Math.floor(capacityBytes * proportion));
