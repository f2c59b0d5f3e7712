/** READ POSITION (SSC-5 7.7): short form (also by its old vendor-specific service action), long and extended form. */
import { be, join } from "../../bytes.ts";
import { uint } from "../../cdb.ts";
import { goodData, invalidFieldInCdb } from "../../completion.ts";
import {
  isBeyondEarlyWarning,
  isBeyondProgrammableEarlyWarning,
} from "../capacity/early-warning.ts";
import { type Mounted, mediumCommand } from "./command.ts";

const flag = {
  beginningOfPartition: 0x80,
  endOfPartition: 0x40,
  objectCountUnknown: 0x20,
  byteCountUnknown: 0x10,
  positionError: 0x02,
  beyondProgrammableEarlyWarning: 0x01,
} as const;

const shortFormMax = 0xffffffff;

/** BOP, EOP (from early warning on) and BPEW. */
function endFlags(mounted: Mounted): number {
  const isAtBeginning = mounted.medium.position.objectNumber === 0;
  const isBeyondProgrammable = isBeyondProgrammableEarlyWarning(mounted);
  return (
    (isAtBeginning ? flag.beginningOfPartition : 0) |
    (isBeyondEarlyWarning(mounted) ? flag.endOfPartition : 0) |
    (isBeyondProgrammable ? flag.beyondProgrammableEarlyWarning : 0)
  );
}

/** How much of the written data is still in the buffer is the medium's secret: the counts are unknown or zero. */
const bufferFlags = ({ drive }: Mounted): number =>
  drive.writeBack.hasUnsynchronizedData ? flag.objectCountUnknown | flag.byteCountUnknown : 0;

function shortForm(mounted: Mounted): Uint8Array {
  const { objectNumber, partition } = mounted.medium.position;
  const flags = endFlags(mounted) | bufferFlags(mounted);
  if (objectNumber > shortFormMax) {
    return join(flags | flag.positionError, partition, new Uint8Array(18));
  }
  const location = be(objectNumber, 4);
  return join(flags, partition, 0, 0, location, location, new Uint8Array(8));
}

function longForm(mounted: Mounted): Uint8Array {
  const { objectNumber, fileNumber, partition } = mounted.medium.position;
  return join(
    endFlags(mounted),
    new Uint8Array(3),
    be(partition, 4),
    be(objectNumber, 8),
    be(fileNumber, 8),
    new Uint8Array(8),
  );
}

const extendedAdditionalLength = 28;

function extendedForm(mounted: Mounted): Uint8Array {
  const { objectNumber, partition } = mounted.medium.position;
  const location = be(objectNumber, 8);
  return join(
    endFlags(mounted) | bufferFlags(mounted),
    partition,
    be(extendedAdditionalLength, 2),
    new Uint8Array(4),
    location,
    location,
    new Uint8Array(8),
  );
}

/** The forms of fixed length take no allocation length. */
const fixedForm = (name: string, serviceAction: number, form: (mounted: Mounted) => Uint8Array) =>
  mediumCommand({
    name,
    opcode: 0x34,
    serviceAction,
    direction: "in",
    cdb: { allocationLength: uint(7, 2) },
    validate: ({ allocationLength }) =>
      allocationLength === 0 ? undefined : invalidFieldInCdb(7, 7),
    execute(mounted) {
      const data = form(mounted);
      return goodData(data, data.length);
    },
  });

export const readPositionShort = fixedForm("READ POSITION (short form)", 0x00, shortForm);
export const readPositionVendor = fixedForm("READ POSITION (short form, vendor)", 0x01, shortForm);
export const readPositionLong = fixedForm("READ POSITION (long form)", 0x06, longForm);

export const readPositionExtended = mediumCommand({
  name: "READ POSITION (extended form)",
  opcode: 0x34,
  serviceAction: 0x08,
  direction: "in",
  cdb: { allocationLength: uint(7, 2) },
  execute: (mounted, { allocationLength }) => goodData(extendedForm(mounted), allocationLength),
});
