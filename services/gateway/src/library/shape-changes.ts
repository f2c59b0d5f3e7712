/**
 * Changes of a library's shape, as values: the next state, or why there is none. Elements keep their addresses: ranges
 * grow and shrink at their ends, and a drive that goes from among others leaves an element without a drive.
 */
import type { ErrorCode } from "@reelhouse/contracts";
import { driveCountMax } from "@reelhouse/contracts";
import type { ElementType } from "@reelhouse/scsi";
import { nextDriveIdentity } from "./device-identities.ts";
import type { FullMake } from "./device-identities.ts";
import { cartridgeAt, elementTypes } from "./library-state.ts";
import type { DriveIdentity, LibraryState } from "./library-state.ts";

export interface ShapeRefusal {
  readonly kind: "refused";
  readonly code: ErrorCode;
  readonly field: string;
  readonly detail: string;
}
export type ShapeChange = { readonly kind: "changed"; readonly state: LibraryState } | ShapeRefusal;

export const refuse = (code: ErrorCode, field: string, detail: string): ShapeRefusal => ({
  kind: "refused",
  code,
  field,
  detail,
});

/** Element addresses are 16 bits. */
const addressEnd = 0x1_0000;

/** Where a range may go on to: the next one's first address, or the end of all addresses. */
function roomEnd({ ranges }: LibraryState, type: ElementType): number {
  const { firstAddress } = ranges[type];
  const after = elementTypes
    .filter((other) => other !== type && ranges[other].count > 0)
    .map((other) => ranges[other].firstAddress)
    .filter((start) => start >= firstAddress);
  return Math.min(addressEnd, ...after);
}

/** `count` elements of a type: more of them at the end, or fewer when those that go are empty. */
export function withCount(
  state: LibraryState,
  type: "storage" | "importExport",
  count: number,
  field: string,
): ShapeChange {
  const range = state.ranges[type];
  const end = range.firstAddress + count;
  if (count > range.count && end > roomEnd(state, type)) {
    const detail = `Element ${roomEnd(state, type)} is another's; ${roomEnd(state, type) - range.firstAddress} fit.`;
    return refuse("ELEMENTS_OVERLAP", field, detail);
  }
  const oldEnd = range.firstAddress + range.count;
  const inTheWay = state.cartridges.find(({ address }) => address >= end && address < oldEnd);
  if (inTheWay !== undefined) {
    const detail = `${inTheWay.barcode} lies in element ${inTheWay.address}.`;
    return refuse("ELEMENT_OCCUPIED", field, detail);
  }
  const ranges = { ...state.ranges, [type]: { ...range, count } };
  return { kind: "changed", state: { ...state, ranges } };
}

export const driveAt = (state: LibraryState, address: number): DriveIdentity | undefined =>
  state.drives.find((drive) => drive.address === address);

/** The first element without a drive, or the one behind the last. */
function freeDriveAddress(state: LibraryState): number {
  const { firstAddress, count } = state.ranges.dataTransfer;
  const taken = new Set(state.drives.map(({ address }) => address));
  let address = firstAddress;
  while (address < firstAddress + count && taken.has(address)) address++;
  return address;
}

/** A drive more, at `wanted` or where there is room first. */
export function withDrive(
  state: LibraryState,
  make: FullMake,
  wanted: number | undefined,
): ShapeChange {
  if (state.drives.length >= driveCountMax)
    return refuse("LIBRARY_LIMIT", "body", `A library has at most ${driveCountMax} drives.`);
  const address = wanted ?? freeDriveAddress(state);
  const { firstAddress, count } = state.ranges.dataTransfer;
  const end = firstAddress + count;
  if (driveAt(state, address) !== undefined)
    return refuse("ELEMENTS_OVERLAP", "body.address", `A drive is at ${address} already.`);
  if (address < firstAddress || address > end)
    return refuse("ELEMENTS_OVERLAP", "body.address", `Drives are at ${firstAddress} to ${end}.`);
  if (address === end && end >= roomEnd(state, "dataTransfer"))
    return refuse("ELEMENTS_OVERLAP", "body.address", `Element ${end} is another's.`);
  const { ordinal, identity } = nextDriveIdentity(state, make);
  const drives = [...state.drives, { ...identity, address }].toSorted(
    (one, other) => one.address - other.address,
  );
  const dataTransfer = { firstAddress, count: Math.max(count, address - firstAddress + 1) };
  const ranges = { ...state.ranges, dataTransfer };
  return { kind: "changed", state: { ...state, drives, ranges, drivesMade: ordinal } };
}

/** What keeps a drive from being taken out or given another make. */
export function driveHindrance(state: LibraryState, address: number): ShapeRefusal | undefined {
  if (driveAt(state, address) === undefined)
    return refuse("DRIVE_NOT_FOUND", "path.address", `The library has none at ${address}.`);
  const held = cartridgeAt(state, address);
  return held && refuse("DRIVE_OCCUPIED", "path.address", `${held.barcode} is in it.`);
}

/** Without a drive: the last one's element goes with it, any other stays as one without a drive. */
export function withoutDrive(state: LibraryState, address: number): ShapeChange {
  const hindrance = driveHindrance(state, address);
  if (hindrance !== undefined) return hindrance;
  const drives = state.drives.filter((drive) => drive.address !== address);
  const last = drives.at(-1);
  if (last === undefined)
    return refuse("LIBRARY_LIMIT", "path.address", "A library has at least one drive.");
  const { firstAddress } = state.ranges.dataTransfer;
  const dataTransfer = { firstAddress, count: last.address - firstAddress + 1 };
  const drivesMade = Math.max(state.drivesMade, state.drives.length);
  const ranges = { ...state.ranges, dataTransfer };
  return { kind: "changed", state: { ...state, drives, ranges, drivesMade } };
}

/** Another make for an empty drive; its serial number, NAA identifier and target name stay. */
export function withDriveMake(state: LibraryState, address: number, make: FullMake): ShapeChange {
  const hindrance = driveHindrance(state, address);
  if (hindrance !== undefined) return hindrance;
  const drives = state.drives.map((drive) =>
    drive.address === address ? { ...drive, ...make } : drive,
  );
  return { kind: "changed", state: { ...state, drives } };
}

/** Another make for the changer. Elements stay where they are, whatever addresses that make is known for. */
export const withChangerMake = (state: LibraryState, make: FullMake): ShapeChange => ({
  kind: "changed",
  state: { ...state, changer: { ...state.changer, ...make } },
});
