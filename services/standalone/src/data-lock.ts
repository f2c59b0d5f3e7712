/**
 * One launcher a data folder. The lock file names the launcher and its children by pid and start time, so that one left
 * behind by a power cut or a SIGKILL is known for what it is, and its orphans are seen off before a new start.
 */
import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { ConfigError, createFile, replaceFile } from "@reelhouse/service-kit";
import { z } from "zod";
import {
  identify,
  isAlive,
  outlast,
  processIdentity,
  type ProcessIdentity,
} from "./process-identity.ts";

const lockContents = z.object({
  launcher: processIdentity,
  children: z.record(z.string(), processIdentity),
});
type LockContents = z.infer<typeof lockContents>;

export interface DataLock {
  readonly file: string;
  /** Writes down that a child runs under this pid, or, with null, that it ended. */
  setChild(name: string, pid: number | null): Promise<void>;
  release(): Promise<void>;
}

/** Orphans notice the end of their launcher and stop within their own 8 s. */
const orphanPatienceMs = 9000;

const readLock = async (file: string): Promise<LockContents | null> => {
  try {
    return lockContents.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return null;
  }
};

const seeOff = async (
  orphans: Readonly<Record<string, ProcessIdentity>>,
  say: (line: string) => void,
) => {
  await Promise.all(
    Object.entries(orphans).map(async ([name, identity]) => {
      if (!(await isAlive(identity))) return;
      say(`  ${name} of an earlier start still runs (pid ${identity.pid}); waiting for its end`);
      const how = await outlast(identity, orphanPatienceMs);
      if (how === "killed") say(`  ${name} of an earlier start did not end and was killed`);
    }),
  );
};

/** Throws ConfigError while another launcher has the folder. */
export const lockDataDirectory = async (
  dataDirectory: string,
  say: (line: string) => void,
): Promise<DataLock> => {
  const file = path.join(dataDirectory, "reelhouse.lock");
  const contents: LockContents = { launcher: await identify(process.pid), children: {} };
  const text = () => `${JSON.stringify(contents)}\n`;
  const inUse = (pid: number) =>
    new ConfigError([
      `REELHOUSE_DATA_DIR: ${dataDirectory} is in use by another Reelhouse (pid ${pid}). To fix: stop that one, or set REELHOUSE_DATA_DIR to another folder.`,
    ]);
  if (!(await createFile(file, text(), { mode: 0o600 }))) {
    const old = await readLock(file);
    if (old !== null && (await isAlive(old.launcher))) throw inUse(old.launcher.pid);
    if (old !== null) await seeOff(old.children, say);
    await replaceFile(file, text(), { mode: 0o600 });
    // Two starts may have found the same stale lock: the last to write has it.
    const now = await readLock(file);
    if (now !== null && now.launcher.pid !== process.pid) throw inUse(now.launcher.pid);
  }
  let writing = Promise.resolve();
  const isOurs = async () => (await readLock(file))?.launcher.pid === process.pid;
  const write = async (name: string, pid: number | null) => {
    if (pid === null) delete contents.children[name];
    else contents.children[name] = await identify(pid);
    // Somebody may have thrown the folder away and begun anew: that lock is not ours to overwrite.
    if (await isOurs()) await replaceFile(file, text(), { mode: 0o600 });
  };
  return {
    file,
    setChild: (name, pid) => {
      // One after the other, whatever became of the one before.
      writing = writing.catch(() => undefined).then(() => write(name, pid));
      return writing;
    },
    release: async () => {
      await writing.catch(() => undefined);
      if (await isOurs()) await rm(file, { force: true });
    },
  };
};
