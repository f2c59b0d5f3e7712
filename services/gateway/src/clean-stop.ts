/** A mark on disk that the last stop was in order: written at its end, taken away at the start. */
import { rm, stat } from "node:fs/promises";
import path from "node:path";
import { replaceFile, syncDirectory } from "@reelhouse/service-kit";

const fileName = "stopped-clean";

/** Whether the last run ended in order; from now on this one has not. */
export async function takeCleanMark(directory: string): Promise<boolean> {
  const file = path.join(directory, fileName);
  const clean = await stat(file).then(
    () => true,
    () => false,
  );
  await rm(file, { force: true });
  // It must not come back with the power: the next start would trust what this run did not store.
  if (clean) await syncDirectory(directory);
  return clean;
}

export const leaveCleanMark = (directory: string): Promise<void> =>
  replaceFile(path.join(directory, fileName), "");
