/** Files and folders that belong to another user: written beside, given away, then renamed, so nobody sees half of one. */
import { chmod, chown, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { errorCode } from "@reelhouse/service-kit";
import type { SecretFile } from "./secrets.ts";

const secretMode = 0o600;
const folderMode = 0o700;

const currentText = async (file: string): Promise<string | null> => {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw error;
  }
};

/** Lays one secret where it belongs; one that is right already is left alone, for it may be in use. */
export const laySecret = async (root: string, { volume, name, uid, text }: SecretFile) => {
  const file = path.join(root, volume, name);
  if (text === null) return rm(file, { force: true });
  const wanted = `${text.trim()}\n`;
  if ((await currentText(file)) !== wanted) {
    const temporary = `${file}.new`;
    await rm(temporary, { force: true });
    await writeFile(temporary, wanted, { mode: secretMode, flag: "wx", flush: true });
    await rename(temporary, file);
  }
  await chown(file, uid, uid);
  await chmod(file, secretMode);
};

/** A volume's own folder, for the user whose container mounts it. Its contents are left as they are. */
export const giveFolder = async (folder: string, uid: number): Promise<void> => {
  const { uid: owner } = await stat(folder);
  if (owner !== uid) await chown(folder, uid, uid);
  await chmod(folder, folderMode);
};
