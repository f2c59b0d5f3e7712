/**
 * What lies in which element: the gateway's own truth, kept in one small file.
 *
 * The state is a value; each function gives the next one. `library.ts` writes it down before anybody is told.
 *
 * Invariants
 * L1. A barcode is in at most one element, an element holds at most one barcode  (`place` asserts both).
 * L2. Serial numbers and NAA identifiers never change, and those of a removed drive are not used again
 *     (made in `device-identities.ts` only, from a count that only grows).
 */
import assert from "node:assert/strict";
import { barcode, entityName } from "@reelhouse/contracts";
import type { ElementType } from "@reelhouse/contracts";
import { z } from "zod";

const elementRange = z.object({
  firstAddress: z.int().min(0).max(65535),
  count: z.int().min(0).max(65535),
});

const deviceIdentity = z.object({
  vendor: z.string().max(8),
  product: z.string().max(16),
  revision: z.string().max(4),
  serialNumber: z.string().min(1).max(20),
  /** NAA identifier, 16 hexadecimal digits (SPC-5 7.7.6.6). */
  naa: z.string().regex(/^[0-9a-f]{16}$/),
  targetName: z.string(),
});
export type DeviceIdentity = z.infer<typeof deviceIdentity>;
const driveIdentity = deviceIdentity.extend({ address: z.int() });
export type DriveIdentity = z.infer<typeof driveIdentity>;

const cartridge = z.object({
  barcode,
  address: z.int(),
  /** The storage element it last lay in; what READ ELEMENT STATUS calls the source. */
  sourceAddress: z.int().nullable(),
  /** In an import/export element: put there by an operator, not by the changer. */
  enteredByOperator: z.boolean(),
  /** In an import/export element: a host put it there to have it taken out; who, by its iSCSI name. */
  exported: z.object({ initiatorName: z.string().nullable() }).nullable().default(null),
});
export type Cartridge = z.infer<typeof cartridge>;

export const libraryState = z.object({
  format: z.literal("reelhouse-library"),
  version: z.literal(1),
  library: entityName,
  changer: deviceIdentity,
  drives: z.array(driveIdentity),
  ranges: z.object({
    transport: elementRange,
    dataTransfer: elementRange,
    storage: elementRange,
    importExport: elementRange,
  }),
  cartridges: z.array(cartridge),
  /** Volumes taken out of the library whose files are being removed; finished at the next start after a crash. */
  removing: z.array(barcode),
  /** Volumes that are being made for it and have no place yet: after a crash they belong here. */
  arriving: z.array(barcode).default([]),
  /** Drives it ever had; the next one's names are made from it, so that those of a removed drive are never used again. */
  drivesMade: z.int().min(0).default(0),
  /** Volumes a new library is to be born with; emptied when they have been made. */
  firstTapes: z.array(barcode),
});
export type LibraryState = z.infer<typeof libraryState>;

export const elementTypes = [
  "transport",
  "storage",
  "importExport",
  "dataTransfer",
] as const satisfies readonly ElementType[];

/** The type of the element at `address`; undefined when there is none. */
export function elementTypeAt(state: LibraryState, address: number): ElementType | undefined {
  return elementTypes.find((type) => {
    const { firstAddress, count } = state.ranges[type];
    return address >= firstAddress && address < firstAddress + count;
  });
}

export const cartridgeAt = (state: LibraryState, address: number): Cartridge | undefined =>
  state.cartridges.find((candidate) => candidate.address === address);

export const cartridgeOf = (state: LibraryState, code: string): Cartridge | undefined =>
  state.cartridges.find((candidate) => candidate.barcode === code);

/** The first empty element of a type. */
export function freeAddress(
  state: LibraryState,
  type: "storage" | "importExport",
): number | undefined {
  const taken = new Set(state.cartridges.map((held) => held.address));
  const { firstAddress, count } = state.ranges[type];
  for (let address = firstAddress; address < firstAddress + count; address++)
    if (!taken.has(address)) return address;
  return undefined;
}

/** Puts a cartridge that was in no element into an empty one. */
export function place(
  state: LibraryState,
  code: string,
  address: number,
  enteredByOperator: boolean,
): LibraryState {
  assert(cartridgeOf(state, code) === undefined, `L1: ${code} is in an element already`);
  assert(cartridgeAt(state, address) === undefined, `L1: element ${address} is full`);
  const placed = { barcode: code, address, sourceAddress: null, enteredByOperator, exported: null };
  const arriving = state.arriving.filter((pending) => pending !== code);
  return { ...state, arriving, cartridges: [...state.cartridges, placed] };
}

/** Moves a cartridge to an empty element; `exported`: what it is noted as there. */
export function move(
  state: LibraryState,
  sourceAddress: number,
  destinationAddress: number,
  exported: Cartridge["exported"] = null,
): LibraryState {
  const moved = cartridgeAt(state, sourceAddress);
  assert(moved !== undefined, `element ${sourceAddress} is empty`);
  assert(
    cartridgeAt(state, destinationAddress) === undefined,
    `L1: element ${destinationAddress} is full`,
  );
  const fromStorage = elementTypeAt(state, sourceAddress) === "storage";
  const next: Cartridge = {
    ...moved,
    address: destinationAddress,
    sourceAddress: fromStorage ? sourceAddress : moved.sourceAddress,
    enteredByOperator: false,
    exported,
  };
  return { ...state, cartridges: state.cartridges.map((held) => (held === moved ? next : held)) };
}

/** Takes a cartridge out of the library, and notes that its files must go. */
export function takeOut(state: LibraryState, code: string): LibraryState {
  const leaving = cartridgeOf(state, code);
  assert(leaving !== undefined, `${code} is in no element`);
  assert(elementTypeAt(state, leaving.address) !== "dataTransfer", `${code} is in a drive`);
  const cartridges = state.cartridges.filter((held) => held.barcode !== code);
  return { ...state, cartridges, removing: [...state.removing, code] };
}

/** A volume is about to be made for this library; `unexpected`: it was not. */
export const expected = (state: LibraryState, code: string): LibraryState => ({
  ...state,
  arriving: [...state.arriving.filter((pending) => pending !== code), code],
});

export const unexpected = (state: LibraryState, code: string): LibraryState => ({
  ...state,
  arriving: state.arriving.filter((pending) => pending !== code),
});

export const removed = (state: LibraryState, code: string): LibraryState => ({
  ...state,
  removing: state.removing.filter((pending) => pending !== code),
});
