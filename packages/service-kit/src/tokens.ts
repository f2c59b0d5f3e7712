/** Bearer tokens in files of mode 0600, one a file: made once, read at start, compared in constant time. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { createFile } from "./atomic-file.ts";
import { ConfigError } from "./config.ts";
import { errorCode } from "./error-code.ts";

const tokenBytes = 32;
/** Shorter ones could be guessed; ours have 43 characters. */
const tokenLengthMin = 16;
const fileBytesMax = 4096;
const groupAndOthers = 0o077;

/** Reads a token. Throws ConfigError when it is absent, too short, too long or open to other users. */
export const readTokenFile = async (file: string, setting: string): Promise<string> => {
  const fault = (what: string) => new ConfigError([`${setting}: ${file} ${what}.`]);
  try {
    await using handle = await open(file, "r");
    const { mode, size } = await handle.stat();
    if ((mode & groupAndOthers) !== 0) {
      throw fault(`may be read by other users. To fix: chmod 600 ${file}`);
    }
    if (size > fileBytesMax) throw fault("is too long for a token");
    const token = (await handle.readFile("utf8")).trim();
    if (token.length < tokenLengthMin || !/^[\x21-\x7e]+$/.test(token)) {
      throw fault(`must hold one token of at least ${tokenLengthMin} printable characters`);
    }
    return token;
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw fault(`cannot be read (${errorCode(error) ?? "unknown error"})`);
  }
};

/** Reads the token, or makes it first (256 random bits). Safe with several processes at once. */
export const ensureTokenFile = async (file: string, setting: string): Promise<string> => {
  // One that is there may lie in a folder that must not be written to, as a container's secrets do.
  if (!existsSync(file))
    await createFile(file, `${randomBytes(tokenBytes).toString("base64url")}\n`, { mode: 0o600 });
  return readTokenFile(file, setting);
};

const digest = (text: string) => createHash("sha256").update(text).digest();

/** Equal or not, in a time that tells nothing of the token, its length included. */
export const sameToken = (given: string, wanted: string): boolean =>
  timingSafeEqual(digest(given), digest(wanted));
