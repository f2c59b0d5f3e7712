/** May the medium be written where it stands (SSC-5 4.2.20, 4.2.21, 4.2.23). */
import { check } from "../completion.ts";
import { tapeAlert } from "../tape-alerts.ts";
import type { Completion } from "../task.ts";
import type { Medium } from "./medium.ts";
import { onlyFilemarksAfter } from "./partitions/partitions.ts";
import type { TapeDrive } from "./tape-drive.ts";

/** What the last ALLOW OVERWRITE permits while the drive is in append-only mode. */
export type AllowedOverwrite =
  | { readonly kind: "position"; readonly partition: number; readonly objectNumber: number }
  | { readonly kind: "format" };

/** TapeAlert tells what an operator can do something about: the tab of the cartridge, or which cartridge it is. */
function refuseProtected({ alerts }: TapeDrive): Completion {
  alerts.raise(tapeAlert.writeProtect);
  return check("writeProtected");
}

function refuseOverwrite({ alerts }: TapeDrive, { worm }: Medium): Completion {
  if (worm) alerts.raise(tapeAlert.wormOverwriteAttempted);
  return check("wormOverwriteAttempted");
}

/** A format the drive only reads (LTO up to 7, two generations back), protection of the cartridge, of the drive (SWP). */
export function protection(drive: TapeDrive, { writeProtected }: Medium): Completion | undefined {
  const { parameters, seated } = drive;
  if (seated?.usability === "only reads") return check("cannotWriteIncompatibleFormat");
  if (writeProtected) return refuseProtected(drive);
  return parameters.softwareWriteProtect ? check("softwareWriteProtected") : undefined;
}

function isAllowedHere({ allowedOverwrite }: TapeDrive, { position }: Medium): boolean {
  if (allowedOverwrite?.kind !== "position") return false;
  const { partition, objectNumber } = allowedOverwrite;
  return position.partition === partition && position.objectNumber === objectNumber;
}

/**
 * Refuses blocks and filemarks. Write-once media, and all media in append-only mode, take them at end of data or over
 * filemarks that nothing but end of data follows, as LTO does for programs that close a file with two and go back one.
 */
export function writeRefusal(drive: TapeDrive, medium: Medium): Completion | undefined {
  const refused = protection(drive, medium);
  if (refused !== undefined || onlyFilemarksAfter(medium)) return refused;
  if (medium.worm) return refuseOverwrite(drive, medium);
  const kept = drive.parameters.appendOnly && !isAllowedHere(drive, medium);
  return kept ? refuseOverwrite(drive, medium) : undefined;
}

/** Refuses ERASE: where data is to stay, so are the filemarks after it. */
export function eraseRefusal(drive: TapeDrive, medium: Medium): Completion | undefined {
  const refused = writeRefusal(drive, medium);
  if (refused !== undefined) return refused;
  const kept = medium.worm && !medium.position.endOfData;
  return kept ? refuseOverwrite(drive, medium) : undefined;
}

/** Refuses what takes all data away: FORMAT MEDIUM and SET CAPACITY. */
export function formatRefusal(drive: TapeDrive, medium: Medium): Completion | undefined {
  const refused = protection(drive, medium);
  if (refused !== undefined) return refused;
  const kept = drive.parameters.appendOnly && drive.allowedOverwrite?.kind !== "format";
  return medium.worm || kept ? refuseOverwrite(drive, medium) : undefined;
}
