/** The database cluster on disk: made once, whole or not at all; and the folder of its socket. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, chown, lstat, mkdir, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { ConfigError, errorCode, syncDirectory } from "@reelhouse/service-kit";
import {
  postgresCommand,
  postgresEnvironment,
  unprivilegedUser,
  type PostgresPrograms,
  type PostgresUser,
} from "./binaries.ts";

const run = promisify(execFile);

const ownerOf = async (file: string): Promise<{ uid: number; gid: number } | null> => {
  try {
    const { uid, gid } = await stat(file);
    return { uid, gid };
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw error;
  }
};

/**
 * Whom the server must run as: Postgres wants to own its cluster and not to be root. So root runs it as whoever made
 * the cluster, or as nobody. Throws ConfigError when that cannot be.
 */
export const postgresUser = async (
  directory: string,
  uid = process.getuid?.() ?? 0,
): Promise<PostgresUser> => {
  const owner = await ownerOf(path.join(directory, "PG_VERSION"));
  if (uid === 0 && owner === null) return unprivilegedUser;
  if (uid === 0 && owner !== null && owner.uid !== 0) return owner;
  if (owner === null || (uid !== 0 && owner.uid === uid)) return null;
  const right = uid === 0 ? unprivilegedUser.uid : uid;
  throw new ConfigError([
    `REELHOUSE_DATA_DIR: ${directory} belongs to user ${owner.uid}, and Postgres cannot run as that user here. To fix: chown -R ${right} ${directory}, or start Reelhouse as the user who made it.`,
  ]);
};

/** Makes the cluster if there is none. An earlier attempt that was cut off is thrown away. */
export const ensureCluster = async (
  programs: PostgresPrograms,
  directory: string,
  user: PostgresUser,
): Promise<void> => {
  if ((await ownerOf(path.join(directory, "PG_VERSION"))) !== null) return;
  const fresh = `${directory}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true, mode: 0o700 });
  if (user !== null) await chown(fresh, user.uid, user.gid);
  // Trust is safe: the only way in is a socket in a folder that nobody else may enter.
  const args = ["-D", fresh, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"];
  const [program, allArgs] = postgresCommand(programs.initdb, args, user);
  await run(program, allArgs, { env: postgresEnvironment() });
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
