/** The volumes of a media folder. */
import type { Disk } from "./disk.ts";
import { errorCode } from "./disk.ts";
import { volumeDirectory } from "./volume-file.ts";

/** Barcodes of the volumes in `root`, sorted; folders without a volume.json are no volumes (made or removed halfway). */
export const listVolumes = async (disk: Disk, root: string): Promise<string[]> => {
  const found: string[] = [];
  for (const name of await disk.readdir(root)) {
    try {
      const names = await disk.readdir(volumeDirectory(root, name));
      if (names.includes("volume.json")) found.push(name);
    } catch (error) {
      if (errorCode(error) !== "ENOTDIR" && errorCode(error) !== "ENOENT") throw error;
    }
  }
  return found.sort();
};

/**
 * Removes a closed volume from the disk: first its name as a volume, durably, then the rest. May be repeated after a
 * crash, whatever is left.
 */
export const removeVolume = async (disk: Disk, root: string, barcode: string): Promise<void> => {
  const directory = volumeDirectory(root, barcode);
  try {
    await disk.unlink(`${directory}/volume.json`);
    await disk.syncDirectory(directory);
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
  }
  await disk.removeTree(directory);
  await disk.syncDirectory(root);
};
