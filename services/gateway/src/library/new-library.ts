/** The state of a library that is made now: its shape, and identities that never change again. */
import { changerModelOf, driveModelOf, layElements } from "@reelhouse/scsi";
import { changerIdentity, driveIdentity, newRoot, targetPrefix } from "./device-identities.ts";
import type { Make } from "./device-identities.ts";
import type { LibraryState } from "./library-state.ts";

export interface LibraryShape {
  readonly gatewayName: string;
  /** Left out: the gateway's first library, which has its name. */
  readonly name?: string | undefined;
  readonly driveCount: number;
  readonly storageCount: number;
  readonly importExportCount: number;
  readonly drive: Make;
  readonly changer: Make;
  readonly firstTapes: readonly string[];
}

export function newLibrary(shape: LibraryShape): LibraryState {
  const { gatewayName, name = gatewayName, driveCount } = shape;
  const root = newRoot();
  const prefix = targetPrefix(gatewayName, name);
  const changerModel = changerModelOf(shape.changer);
  const changer = { ...shape.changer, revision: shape.changer.revision ?? changerModel.revision };
  const driveRevision = shape.drive.revision ?? driveModelOf(shape.drive).revision;
  const drive = { ...shape.drive, revision: driveRevision };
  const ranges = layElements(changerModel, {
    transport: 1,
    dataTransfer: driveCount,
    storage: shape.storageCount,
    importExport: shape.importExportCount,
  });
  return {
    format: "reelhouse-library",
    version: 1,
    library: name,
    changer: changerIdentity(root, changer, prefix),
    drives: Array.from({ length: driveCount }, (_, index) => ({
      ...driveIdentity(root, index + 1, drive, prefix),
      address: ranges.dataTransfer.firstAddress + index,
    })),
    ranges,
    cartridges: [],
    removing: [],
    arriving: [],
    drivesMade: driveCount,
    firstTapes: [...shape.firstTapes],
  };
}
