/**
 * Replacing a file as a whole: written beside, synced, renamed over, folder synced. The old file or the new one is
 * found, never a mixture; and whoever asked learns whether it is known which.
 */
import { dirname } from "node:path";
import { type Disk, errorCode, errorText } from "./disk.ts";

/** The rename may hold or not: after a crash the old bytes are found or the new. Every other error left the old. */
export class UncertainReplacement extends Error {
  override readonly name = "UncertainReplacement";
}

const uncertain = (path: string, error: unknown): UncertainReplacement =>
  new UncertainReplacement(`${path}, old or new: ${errorText(error)}`, { cause: error });

/** Puts the synced file `beside` in the place of `path`, in the same folder. */
export const renameOver = async (
  disk: Pick<Disk, "rename" | "syncDirectory">,
  beside: string,
  path: string,
): Promise<void> => {
  try {
    await disk.rename(beside, path);
  } catch (error) {
    // POSIX, rename(): "for any reason other than [EIO], any file named by new shall be unaffected".
    const code = errorCode(error);
    throw code === "" || code === "EIO" ? uncertain(path, error) : error;
  }
  try {
    await disk.syncDirectory(dirname(path));
  } catch (error) {
    throw uncertain(path, error);
  }
};

/** Rejects with UncertainReplacement where that is so, else with the disk's error: then all is as before. */
export const replaceFile = async (disk: Disk, path: string, bytes: Uint8Array): Promise<void> => {
  const beside = `${path}.tmp`;
  const file = await disk.open(beside, "create");
  try {
    await file.writev([bytes], 0);
    await file.datasync();
  } finally {
    await file.close();
  }
  await renameOver(disk, beside, path);
};
