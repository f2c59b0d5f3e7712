/**
 * The identities of a library's devices: serial numbers, NAA identifiers and target names. One random root a library
 * tells libraries apart, a number that only grows tells its devices apart, so no name is ever given twice.
 */
import { randomBytes } from "node:crypto";
import type { DeviceIdentity, LibraryState } from "./library-state.ts";

/** What INQUIRY says; without a revision, the one that the make is known for. */
export interface Make {
  readonly vendor: string;
  readonly product: string;
  readonly revision?: string | undefined;
}

export type FullMake = Make & { readonly revision: string };

const iqnPrefix = "iqn.2026-11.io.reelhouse";
const changerSuffix = "-mediachanger";

/** 8 hexadecimal digits. */
const rootLength = 8;
export const newRoot = (): string => randomBytes(rootLength / 2).toString("hex");

/** What the target names of a library begin with: a gateway's first library has the gateway's name. */
export const targetPrefix = (gatewayName: string, library: string): string =>
  library === gatewayName
    ? `${iqnPrefix}:${gatewayName}`
    : `${iqnPrefix}:${gatewayName}-${library}`;

const hex = (value: number, width: number) => value.toString(16).padStart(width, "0");

function deviceIdentity(
  root: string,
  ordinal: number,
  { vendor, product, revision }: FullMake,
  targetName: string,
): DeviceIdentity {
  return {
    vendor,
    product,
    revision,
    // 10 characters, as LTO drives have, and more after 255 drives; NetBackup and others pair drives with DVCID by it.
    serialNumber: `${root}${hex(ordinal, 2)}`.toUpperCase(),
    // NAA 3h, locally assigned: we have no company identifier of the IEEE.
    naa: `3${hex(ordinal, 7)}${root}`,
    targetName,
  };
}

export const changerIdentity = (root: string, make: FullMake, prefix: string): DeviceIdentity =>
  deviceIdentity(root, 0, make, `${prefix}${changerSuffix}`);

export const driveIdentity = (
  root: string,
  ordinal: number,
  make: FullMake,
  prefix: string,
): DeviceIdentity =>
  deviceIdentity(root, ordinal, make, `${prefix}-tapedrive-${String(ordinal).padStart(2, "0")}`);

/** Of a drive that a library gets later: the names go on where those of its drives so far ended. */
export function nextDriveIdentity(
  { changer, drives, drivesMade }: LibraryState,
  make: FullMake,
): { readonly ordinal: number; readonly identity: DeviceIdentity } {
  // A library of before has no count, and no drive was ever taken out of it.
  const ordinal = Math.max(drivesMade, drives.length) + 1;
  const root = changer.serialNumber.slice(0, rootLength).toLowerCase();
  const prefix = changer.targetName.slice(0, -changerSuffix.length);
  return { ordinal, identity: driveIdentity(root, ordinal, make, prefix) };
}
