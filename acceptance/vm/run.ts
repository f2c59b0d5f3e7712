/**
 * Boots the guest under plain emulation (QEMU's TCG, microvm), runs the guest's main.sh in it and gives every line it
 * prints. No /dev/kvm, no root, no privileges: correct, not fast. The guest reaches this host's loopback at 10.0.2.2.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { machineArguments, type MachineFiles } from "./machine.ts";

const here = import.meta.dirname;
const IMAGE_SOURCES = ["build-image.sh", "initrd-init", "guest-init"] as const;
const CACHE = "/var/tmp/reelhouse-acceptance-image";
const MISSING_EXIT_CODE = 3;
/** A raw disk is read in whole sectors. */
const DISK_BYTES = 1024 * 1024;

export interface GuestRun {
  /** Variables of the guest's main.sh. */
  readonly environment: Readonly<Record<string, string>>;
  /** Files handed in beside the scripts of guest/. */
  readonly files?: readonly string[];
  readonly timeoutMs: number;
  readonly onLine: (line: string) => void;
}

export interface GuestOutcome {
  /** Exit code of main.sh; undefined when the guest did not come so far. */
  readonly exitCode: number | undefined;
  /** Why there is no exit code, with the end of the guest's console. */
  readonly failure: string | undefined;
}

/** Makes the image when the cache has none of these very sources. Answers why there is none, or undefined. */
export const ensureImage = (say: (line: string) => void): string | undefined => {
  const hash = createHash("sha256");
  for (const file of IMAGE_SOURCES) hash.update(readFileSync(join(here, file)));
  const stamp = hash.digest("hex");
  const stampFile = join(CACHE, "stamp");
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8").trim() === stamp) {
    if (isInstalled("qemu-system-x86_64")) return undefined;
    rmSync(stampFile);
  }
  say("building the image of the guest, once: about a minute");
  try {
    const output = execFileSync(join(here, "build-image.sh"), [CACHE, stamp], { encoding: "utf8" });
    for (const line of output.trim().split("\n")) say(line);
    return undefined;
  } catch (error) {
    const { status, stdout } = Object.assign({ status: null, stdout: "" }, error);
    const last = stdout.trim().split("\n").at(-1) ?? "";
    if (status === MISSING_EXIT_CODE) return last;
    throw new Error(`the guest's image could not be made: ${stdout.slice(-2000)}`, {
      cause: error,
    });
  }
};

const isInstalled = (program: string): boolean => {
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** The job as a disk: a tar of the guest's scripts, the environment and what else is handed in. */
const writeJob = (folder: string, run: GuestRun): string => {
  const job = join(folder, "job");
  cpSync(join(here, "guest"), job, { recursive: true });
  for (const file of run.files ?? []) cpSync(file, join(job, file.split("/").at(-1) ?? ""));
  const lines = Object.entries(run.environment).map(
    ([name, value]) => `export ${name}=${quoted(value)}\n`,
  );
  writeFileSync(join(job, "environment"), lines.join(""));
  const disk = join(folder, "job.tar");
  execFileSync("tar", ["-cf", disk, "-C", job, "."]);
  execFileSync("truncate", ["-s", `%${DISK_BYTES}`, disk]);
  return disk;
};

/**
 * Gives the lines that come through a named pipe. QEMU's own stdout would not do: with its stdin at the end, it calls
 * the port closed, and the guest blocks for ever.
 */
const followPipe = (path: string, onLine: (line: string) => void) => {
  const reader = spawn("cat", [path], { stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(createInterface({ input: reader.stdout }).on("line", onLine), "close");
  return {
    /** The writer has gone: what it left is still read. Without a writer ever, nothing would come. */
    async end() {
      const timer = setTimeout(() => reader.kill(), PIPE_END_MS);
      await closed;
      clearTimeout(timer);
    },
  };
};
const PIPE_END_MS = 2000;

const exitOf = (child: ChildProcess, timeoutMs: number): Promise<"exit" | "timeout"> => {
  const { promise, resolve, reject } = Promise.withResolvers<"exit" | "timeout">();
  const timer = setTimeout(() => {
    child.kill("SIGKILL");
    resolve("timeout");
  }, timeoutMs);
  const abandon = () => child.kill("SIGKILL");
  process.once("exit", abandon);
  child.once("error", reject).once("exit", () => resolve("exit"));
  return promise.finally(() => {
    process.off("exit", abandon);
    clearTimeout(timer);
  });
};

const outcomeOf = (
  files: MachineFiles,
  how: "exit" | "timeout",
  timeoutMs: number,
): GuestOutcome => {
  const code = readFileSync(files.exitCode, "utf8").trim();
  if (how === "exit" && code !== "") return { exitCode: Number(code), failure: undefined };
  const screen = readFileSync(files.console, "utf8").trim().split("\n").slice(-25).join("\n");
  const why =
    how === "timeout" ? `was not done in ${timeoutMs / 1000} s` : "ended without an exit code";
  return { exitCode: undefined, failure: `the guest ${why}; the end of its console:\n${screen}` };
};

/** Boots a guest on the image that `ensureImage` made and runs main.sh. What the guest writes is forgotten. */
export const runGuest = async (run: GuestRun): Promise<GuestOutcome> => {
  const folder = mkdtempSync(join(tmpdir(), "reelhouse-guest-"));
  const output = join(folder, "output");
  execFileSync("mkfifo", [output]);
  const files: MachineFiles = {
    kernel: join(CACHE, "vmlinux"),
    initrd: join(CACHE, "initrd.gz"),
    root: join(CACHE, "rootfs.ext4"),
    job: writeJob(folder, run),
    output,
    exitCode: join(folder, "exit"),
    console: join(folder, "console"),
  };
  for (const file of [files.exitCode, files.console]) writeFileSync(file, "");
  const pipe = followPipe(output, run.onLine);
  try {
    const child = spawn("qemu-system-x86_64", machineArguments(files), {
      stdio: ["ignore", "inherit", "inherit"],
    });
    const how = await exitOf(child, run.timeoutMs);
    await pipe.end();
    return outcomeOf(files, how, run.timeoutMs);
  } finally {
    await pipe.end();
    rmSync(folder, { recursive: true, force: true });
  }
};
