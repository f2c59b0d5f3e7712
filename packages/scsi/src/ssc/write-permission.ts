/** May the medium be written where it stands (SSC-5 4.2.20, 4.2.23). */
import { check } from "../completion.ts";
import type { Completion } from "../task.ts";
import type { Medium } from "./medium.ts";
import type { TapeDrive } from "./tape-drive.ts";

/** Cartridges two generations back, which LTO drives up to LTO-7 read but do not write. */
export function formatRefusal({ seated }: TapeDrive): Completion | undefined {
  if (seated?.usability !== "only reads") return undefined;
  return check("cannotWriteIncompatibleFormat");
}

/** WORM media take data at end of data only, filemarks included: stricter than LTO, which lets trailing filemarks go. */
export function writeRefusal(medium: Medium): Completion | undefined {
  if (medium.writeProtected) return check("writeProtected");
  if (medium.worm && !medium.position.endOfData) return check("wormOverwriteAttempted");
  return undefined;
}
