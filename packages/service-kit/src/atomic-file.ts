/** A file that is there whole or not at all, and still there after a power cut: write, fsync, rename, fsync folder. */
import { randomBytes } from "node:crypto";
import { link, mkdir, open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { errorCode } from "./error-code.ts";

/** Makes the names in a folder durable. */
export const syncDirectory = async (directory: string): Promise<void> => {
  await using handle = await open(directory, "r");
  await handle.sync();
};

const writeTemporary = async (file: string, data: string | Uint8Array, mode: number) => {
  const temporary = path.join(
    path.dirname(file),
    `.${path.basename(file)}.${randomBytes(6).toString("hex")}.tmp`,
  );
  try {
    await using handle = await open(temporary, "wx", mode);
    await handle.writeFile(data);
    await handle.sync();
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  return temporary;
};

/**
 * Puts `data` at `file`, over what was there. The folder must exist. When it rejects, what was there is there still, but
 * for a folder that could not be synced: then either may be found after a restart, until the next call that succeeds.
 */
export const replaceFile = async (
  file: string,
  data: string | Uint8Array,
  { mode = 0o644 }: { mode?: number } = {},
): Promise<void> => {
  const temporary = await writeTemporary(file, data, mode);
  try {
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(path.dirname(file));
};

/** Puts `data` at `file` unless something is there; says whether it did. Of several at once, one wins. Makes the folder. */
export const createFile = async (
  file: string,
  data: string | Uint8Array,
  { mode = 0o644 }: { mode?: number } = {},
): Promise<boolean> => {
  await mkdir(path.dirname(file), { recursive: true });
  const temporary = await writeTemporary(file, data, mode);
  try {
    await link(temporary, file);
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
  await syncDirectory(path.dirname(file));
  return true;
};
