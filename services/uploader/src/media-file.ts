/**
 * From a job's path to a file of the media folder. A job comes over a queue that others write to, so its path is not
 * trusted: it must lie inside the folder, by its text and after every symbolic link.
 */
import { realpath } from "node:fs/promises";
import path from "node:path";
import { errorCode, PermanentJobError } from "@reelhouse/service-kit";

const outside = (relative: string) =>
  new PermanentJobError(
    "PATH_OUTSIDE_MEDIA",
    `${JSON.stringify(relative)} is not in the media folder`,
  );

const contains = (directory: string, file: string): boolean => {
  const relative = path.relative(directory, file);
  return relative !== "" && relative.split(path.sep)[0] !== ".." && !path.isAbsolute(relative);
};

/**
 * The file's real path. Throws PermanentJobError: PATH_OUTSIDE_MEDIA, or MEDIA_FILE_MISSING when an overwrite dropped
 * the file since the job was offered. A media folder that is missing as a whole is an ordinary error: it may come back.
 */
export const resolveMediaFile = async (
  mediaDirectory: string,
  relative: string,
): Promise<string> => {
  if (path.isAbsolute(relative) || relative.includes("\0")) throw outside(relative);
  const root = await realpath(mediaDirectory).catch((error: unknown) => {
    throw new Error(`the media folder ${mediaDirectory} cannot be reached`, { cause: error });
  });
  const file = path.resolve(root, relative);
  if (!contains(root, file)) throw outside(relative);
  try {
    const real = await realpath(file);
    if (!contains(root, real)) throw outside(relative);
    return real;
  } catch (error) {
    if (errorCode(error) !== "ENOENT" && errorCode(error) !== "ENOTDIR") throw error;
    throw new PermanentJobError(
      "MEDIA_FILE_MISSING",
      `${relative} is gone; an overwrite may have dropped it`,
      error,
    );
  }
};
