/** The database cluster on disk: made once, whole or not at all; and the folder of its socket. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, chown, lstat, mkdir, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { ConfigError, errorCode, syncDirectory } from "@reelhouse/service-kit";
import {
  isRoot,
  postgresCommand,
  postgresEnvironment,
  unprivilegedId,
  type PostgresPrograms,
} from "./binaries.ts";

const run = promisify(execFile);

const exists = async (file: string): Promise<boolean> => {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return false;
    throw error;
  }
};

/** Makes the cluster if there is none. An earlier attempt that was cut off is thrown away. */
export const ensureCluster = async (
  programs: PostgresPrograms,
  directory: string,
): Promise<void> => {
  if (await exists(path.join(directory, "PG_VERSION"))) return;
  const fresh = `${directory}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true, mode: 0o700 });
  if (isRoot()) await chown(fresh, unprivilegedId, unprivilegedId);
  // Trust is safe: the only way in is a socket in a folder that nobody else may enter.
  const args = ["-D", fresh, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"];
  await run(...postgresCommand(programs.initdb, args), { env: postgresEnvironment() });
  await rename(fresh, directory);
  await syncDirectory(path.dirname(directory));
};

/** sun_path of unix(7) holds 108 bytes with the final zero; the socket's own name takes its part. */
const socketPathBytesMax = 107;
const socketName = "/.s.PGSQL.5432";

const fits = (directory: string) => Buffer.byteLength(directory + socketName) <= socketPathBytesMax;

/**
 * A folder for the socket that only this user may enter: beside the data, or, when that path is too long for a socket,
 * in the system's temporary folder under a name made from it.
 */
export const ensureSocketDirectory = async (dataDirectory: string): Promise<string> => {
  const beside = path.join(dataDirectory, "postgres-socket");
  const short = `reelhouse-${createHash("sha256").update(beside).digest("hex").slice(0, 12)}`;
  const directory = fits(beside) ? beside : path.join(tmpdir(), short);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const found = await lstat(directory);
  // In a shared folder somebody else may have been there first.
  if (!found.isDirectory() || found.uid !== process.getuid?.()) {
    throw new ConfigError([
      `REELHOUSE_DATA_DIR: ${directory} belongs to another user. To fix: set REELHOUSE_DATA_DIR to a shorter path.`,
    ]);
  }
  await chmod(directory, 0o700);
  return directory;
};
