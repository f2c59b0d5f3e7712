/** The library that a gateway makes for itself at its first start: its shape, and identities that never change again. */
import { randomBytes } from "node:crypto";
import { changerModelOf, driveModelOf, layElements } from "@reelhouse/scsi";
import type { DeviceIdentity, LibraryState } from "./library-state.ts";

/** What INQUIRY says; without a revision, the one that the make is known for. */
export interface Make {
  readonly vendor: string;
  readonly product: string;
  readonly revision?: string | undefined;
}

export interface LibraryShape {
  readonly gatewayName: string;
  readonly driveCount: number;
  readonly storageCount: number;
  readonly importExportCount: number;
  readonly drive: Make;
  readonly changer: Make;
  readonly firstTapes: readonly string[];
}

const iqnPrefix = "iqn.2026-11.io.reelhouse";

export const changerTargetName = (gatewayName: string): string =>
  `${iqnPrefix}:${gatewayName}-mediachanger`;
export const driveTargetName = (gatewayName: string, ordinal: number): string =>
  `${iqnPrefix}:${gatewayName}-tapedrive-${String(ordinal).padStart(2, "0")}`;

export function newLibrary(shape: LibraryShape): LibraryState {
  // One random root a library: 8 hexadecimal digits tell libraries apart, the ordinal tells devices apart.
  const root = randomBytes(4).toString("hex");
  const identity = (
    ordinal: number,
    model: Make & { readonly revision: string },
    targetName: string,
  ): DeviceIdentity => ({
    vendor: model.vendor,
    product: model.product,
    revision: model.revision,
    // 10 characters, as LTO drives have; NetBackup and others pair drives with the changer's DVCID by it.
    serialNumber: `${root.toUpperCase()}${ordinal.toString(16).toUpperCase().padStart(2, "0")}`,
    // NAA 3h, locally assigned: we have no company identifier of the IEEE.
    naa: `3${randomBytes(3).toString("hex").slice(0, 5)}${root}${ordinal.toString(16).padStart(2, "0")}`,
    targetName,
  });
  const changerModel = changerModelOf(shape.changer);
  const changer = { ...shape.changer, revision: shape.changer.revision ?? changerModel.revision };
  const driveRevision = shape.drive.revision ?? driveModelOf(shape.drive).revision;
  const drive = { ...shape.drive, revision: driveRevision };
  const ranges = layElements(changerModel, {
    transport: 1,
    dataTransfer: shape.driveCount,
    storage: shape.storageCount,
    importExport: shape.importExportCount,
  });
  return {
    format: "reelhouse-library",
    version: 1,
    library: shape.gatewayName,
    changer: identity(0, changer, changerTargetName(shape.gatewayName)),
    drives: Array.from({ length: shape.driveCount }, (_, index) => ({
      ...identity(index + 1, drive, driveTargetName(shape.gatewayName, index + 1)),
      address: ranges.dataTransfer.firstAddress + index,
    })),
    ranges,
    cartridges: [],
    removing: [],
    firstTapes: [...shape.firstTapes],
  };
}
