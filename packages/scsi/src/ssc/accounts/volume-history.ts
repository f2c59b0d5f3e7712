/**
 * What a volume has lived through, in all its mounts. It lies with the volume as one medium auxiliary memory attribute
 * (0C01h, vendor specific, never shown): version, then the counters below, big-endian. Attributes and log pages that tell
 * of a volume's life are computed from it and from what the present mount counts.
 */
import { be, join, readBe } from "../../bytes.ts";
import type { MediumAttribute } from "../medium.ts";
import type { MountStatistics } from "./mount-statistics.ts";

export const historyIdentifier = 0x0c01;
const version = 1;

/** Name and width in bytes, in the order they are kept. */
const layout = {
  loads: 4,
  /** Loads in which something was written. */
  writeLoads: 4,
  /** FORMAT MEDIUM that went well. */
  formats: 4,
  /** VOLUME CHANGE REFERENCE (0009h): another value after each change a host could not know of. */
  volumeChangeReference: 4,
  bytesWritten: 6,
  bytesRead: 6,
  writeErrors: 4,
  readErrors: 4,
  beginningOfMediumPasses: 4,
  /** Of the load before the present one. */
  lastBytesWritten: 6,
  lastBytesRead: 6,
  lastWriteErrors: 4,
  lastReadErrors: 4,
} as const;

type Field = keyof typeof layout;
export type VolumeHistory = { readonly [F in Field]: number };

// The keys of a constant record are its type's.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const fields = Object.keys(layout) as readonly Field[];

/** Of a volume that has never been in a drive. A change reference of zero would say that there is none. */
export const newVolumeHistory: VolumeHistory = {
  loads: 0,
  writeLoads: 0,
  formats: 0,
  volumeChangeReference: 1,
  bytesWritten: 0,
  bytesRead: 0,
  writeErrors: 0,
  readErrors: 0,
  beginningOfMediumPasses: 0,
  lastBytesWritten: 0,
  lastBytesRead: 0,
  lastWriteErrors: 0,
  lastReadErrors: 0,
};

export function encodeHistory(history: VolumeHistory): MediumAttribute {
  const value = join(
    version,
    ...fields.map((field) => be(clamped(history[field], layout[field]), layout[field])),
  );
  return { identifier: historyIdentifier, format: 0, value };
}

/** A counter stops at the highest value of its field (SPC-5 7.3.2.2). */
function clamped(value: number, width: number): number {
  return Math.min(value, 2 ** (8 * width) - 1);
}

/** Undefined when there is none, or it is of another version. */
export function decodeHistory(attributes: readonly MediumAttribute[]): VolumeHistory | undefined {
  const value = attributes.find(({ identifier }) => identifier === historyIdentifier)?.value;
  if (value === undefined || value[0] !== version) return undefined;
  const history = { ...newVolumeHistory };
  let offset = 1;
  for (const field of fields) {
    const width = layout[field];
    if (offset + width > value.length) return undefined;
    Object.assign(history, { [field]: readBe(value, offset, width) });
    offset += width;
  }
  return history;
}

/** The history with what a mount has counted added to it. */
export function withMount(history: VolumeHistory, mount: MountStatistics): VolumeHistory {
  return {
    ...history,
    bytesWritten: history.bytesWritten + mount.bytesWritten,
    bytesRead: history.bytesRead + mount.bytesRead,
    writeErrors: history.writeErrors + mount.writeErrors,
    readErrors: history.readErrors + mount.readErrors,
    beginningOfMediumPasses: history.beginningOfMediumPasses + mount.beginningOfMediumPasses,
    lastBytesWritten: mount.bytesWritten,
    lastBytesRead: mount.bytesRead,
    lastWriteErrors: mount.writeErrors,
    lastReadErrors: mount.readErrors,
  };
}

const changeReferenceMax = 0xffff_fffe;

/** The next change reference: never zero and never all ones, which say that there is none. */
export function nextChangeReference(reference: number): number {
  return reference >= changeReferenceMax ? 1 : reference + 1;
}
