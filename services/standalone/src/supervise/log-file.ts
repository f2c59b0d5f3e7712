/** One log file a service: appended to, and set aside at a start when it has grown too large. */
import { createWriteStream } from "node:fs";
import { mkdir, rename, stat } from "node:fs/promises";
import path from "node:path";

export interface LogFile {
  readonly line: (text: string) => void;
  close(): Promise<void>;
}

/** Two of these a service (the current and the one before) are all that a disk must hold. */
export const logBytesMax = 16 * 1024 ** 2;

export const openLogFile = async (file: string, bytesMax = logBytesMax): Promise<LogFile> => {
  await mkdir(path.dirname(file), { recursive: true });
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > bytesMax) await rename(file, `${file}.1`);
  const stream = createWriteStream(file, { flags: "a", mode: 0o600 });
  // A full disk must not end the launcher; the screen still shows warnings.
  stream.on("error", () => undefined);
  return {
    line: (text) => void stream.write(`${text}\n`),
    close: () => new Promise((resolve) => stream.end(() => resolve())),
  };
};
