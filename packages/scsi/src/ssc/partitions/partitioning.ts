/** What the Medium Partition mode page asks of FORMAT MEDIUM (SSC-5 8.4.6): its fields read, checked and written. */
import { be, join, readBe } from "../../bytes.ts";
import type { ModePageFault } from "../../spc/mode-pages/mode-page.ts";
import type { Density } from "../cartridges/density.ts";
import type { Medium } from "../medium.ts";
import {
  equalPartitions,
  fitPartitions,
  formattedBytes,
  partitionCapacities,
  partitionsMax,
} from "./partitions.ts";

/** Offsets from the byte after PAGE LENGTH. */
const at = { additional: 1, flags: 2, recognition: 3, units: 4, reserved: 5, sizes: 6 } as const;
const flag = { fdp: 0x80, sdp: 0x40, idp: 0x20, pofm: 0x04, clearAddp: 0x03 } as const;
const how = flag.fdp | flag.sdp | flag.idp;
/** PSUM: sizes count in 10 to the power PARTITION UNITS. */
const psumUnits = 0x18;
/** MEDIUM FORMAT RECOGNITION: format and partitions are recognized. */
const recognition = 0x03;
const restOfMedium = 0xffff;
/** PARTITIONING TYPE: not said, or wrap-wise. */
const partitioningTypeMax = 1;

const additionalMax = (medium: Medium | undefined): number =>
  medium?.worm ? 0 : partitionsMax - 1;

/** PARTITION UNITS in which the largest partition fits its field, in steps of a thousand. */
function unitsFor(largestBytes: number): number {
  let exponent = 9;
  while (exponent > 0 && largestBytes / 10 ** (exponent - 3) < restOfMedium) exponent -= 3;
  return exponent;
}

/** The page of a medium as it is partitioned; of none: one partition. */
export function encodePartitioning(medium: Medium | undefined): Uint8Array {
  const capacities = medium === undefined ? [0] : partitionCapacities(medium);
  const units = unitsFor(Math.max(...capacities));
  const sizes = Array.from({ length: partitionsMax }, (_, number) =>
    be(Math.floor((capacities[number] ?? 0) / 10 ** units), 2),
  );
  return join(
    additionalMax(medium),
    capacities.length - 1,
    (capacities.length > 1 ? flag.idp : 0) | psumUnits | flag.pofm,
    recognition,
    units,
    0,
    ...sizes,
  );
}

function unitBytes(data: Uint8Array): number {
  const psum = (data[at.flags]! & psumUnits) >> 3;
  return psum === 3 ? 10 ** (data[at.units]! & 0x0f) : 1000 ** psum;
}

function individualSizes(data: Uint8Array): readonly (number | "rest")[] {
  const unit = unitBytes(data);
  return Array.from({ length: data[at.additional]! + 1 }, (_, number) => {
    const size = readBe(data, at.sizes + 2 * number, 2);
    return size === restOfMedium ? "rest" : size * unit;
  });
}

/**
 * The capacities that are asked for. IDP: the sizes given, and what nobody asked for goes to partition 0. SDP: all the
 * same. FDP: all but partition 0 as small as they can be. None of these bits: as SDP. Undefined: they do not fit.
 */
export function requestedCapacities(
  medium: Medium,
  density: Density,
  data: Uint8Array,
): readonly number[] | undefined {
  const total = formattedBytes(medium);
  const count = data[at.additional]! + 1;
  const flags = data[at.flags]!;
  if (count === 1) return [total];
  if ((flags & flag.idp) !== 0) return fitPartitions(total, density, individualSizes(data));
  if ((flags & flag.fdp) === 0) return equalPartitions(total, count);
  return fitPartitions(
    total,
    density,
    Array.from({ length: count }, (_, number) => (number === 0 ? "rest" : 0)),
  );
}

/** The first field at fault. */
export function partitioningFault(
  medium: Medium | undefined,
  density: Density,
  data: Uint8Array,
): ModePageFault | undefined {
  const flags = data[at.flags]!;
  const ways = [flag.fdp, flag.sdp, flag.idp].filter((way) => (flags & way) !== 0).length;
  const descriptors = (data.length - at.sizes) / 2;
  const isIndividual = (flags & flag.idp) !== 0;
  const additional = data[at.additional]!;
  const faults: readonly (readonly [boolean, ModePageFault])[] = [
    [data[0] !== additionalMax(medium), { byte: 0 }],
    [additional > additionalMax(medium), { byte: at.additional }],
    [isIndividual && descriptors <= additional, { byte: at.additional }],
    [ways > 1, { byte: at.flags, bit: 31 - Math.clz32(flags & how) }],
    [(flags & flag.pofm) === 0, { byte: at.flags, bit: 2 }],
    [(flags & flag.clearAddp) !== 0, { byte: at.flags, bit: 1 }],
    [data[at.recognition] !== recognition, { byte: at.recognition }],
    [data[at.units]! >> 4 > partitioningTypeMax, { byte: at.units, bit: 7 }],
    [data[at.reserved] !== 0, { byte: at.reserved }],
  ];
  const fault = faults.find(([isFault]) => isFault)?.[1];
  if (fault !== undefined) return fault;
  // Without a cartridge nobody can say whether the sizes fit.
  if (medium === undefined) return additional === 0 ? undefined : { byte: at.additional };
  return requestedCapacities(medium, density, data) === undefined ? { byte: at.sizes } : undefined;
}
