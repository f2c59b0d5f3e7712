/** Debian's tgt as the yardstick, when it is installed and may be run: one tape drive on a free port of loopback. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePorts } from "../harness/free-ports.ts";
import { openSession } from "../initiator/connect.ts";
import { Tape } from "../tape.ts";
import { waitUntil } from "../wait-until.ts";

export interface YardstickTarget {
  readonly version: string;
  open(): Promise<Tape>;
  stop(): Promise<void>;
}

const run = promisify(execFile);
const TARGET_NAME = "iqn.2026-11.io.reelhouse:bench-tgt";
/** tgt puts its logical unit 0 (a controller) first; the tape is 1. */
const TAPE_LUN = 1;
/** Runs are shorter than this; the image file is sparse. */
const IMAGE_MEGABYTES = 4000;
/** tgtadm speaks to a daemon by number; one that a system's own tgtd (0) does not use. */
const CONTROL_PORT = String(1000 + (process.pid % 30_000));
const START_TIMEOUT_MS = 5000;

const admin = (...args: string[]) => run("tgtadm", ["-C", CONTROL_PORT, "--lld", "iscsi", ...args]);

const setUp = async (image: string): Promise<void> => {
  const tid = ["--tid", "1"];
  await admin("--op", "new", "--mode", "target", ...tid, "-T", TARGET_NAME);
  const unit = ["--lun", String(TAPE_LUN), "-b", image, "--device-type=tape"];
  await admin("--op", "new", "--mode", "logicalunit", ...tid, ...unit);
  await admin("--op", "bind", "--mode", "target", ...tid, "-I", "ALL");
};

/** Why tgt cannot be compared with here; undefined when it can. */
export const reasonAgainstTgt = async (): Promise<string | undefined> => {
  if (process.getuid?.() !== 0) return "tgtd runs as root only";
  try {
    await Promise.all([run("tgtd", ["--version"]), run("tgtadm", ["--version"])]);
    return undefined;
  } catch {
    return "tgt is not installed (apt-get install tgt)";
  }
};

/** Starts tgtd with its tape below `folder`. Throws Error when it does not come up. */
export const startTgt = async (folder: string): Promise<YardstickTarget> => {
  mkdirSync(folder, { recursive: true });
  const image = join(folder, "BENCH001");
  const size = ["--size", String(IMAGE_MEGABYTES), "--type", "data", "--file", image];
  await run("tgtimg", ["--op", "new", "--device-type", "tape", "--barcode", "BENCH001", ...size]);
  const [port = 0] = await freePorts(1);
  const daemon: ChildProcess = spawn(
    "tgtd",
    ["-f", "-C", CONTROL_PORT, "--iscsi", `portal=127.0.0.1:${port}`],
    { stdio: "ignore" },
  );
  const ended = once(daemon, "exit");
  // tgtd ignores SIGTERM while it has targets.
  const kill = () => daemon.kill("SIGKILL");
  process.once("exit", kill);
  await waitUntil(
    () =>
      admin("--op", "show", "--mode", "target").then(
        () => true,
        () => undefined,
      ),
    {
      what: "tgtd",
      timeoutMs: START_TIMEOUT_MS,
    },
  );
  await setUp(image);
  return {
    version: (await run("tgtd", ["--version"])).stdout.trim(),
    open: async () => {
      const portal = { host: "127.0.0.1", port };
      return new Tape(await openSession({ portal, targetName: TARGET_NAME }), TAPE_LUN);
    },
    stop: async () => {
      kill();
      process.off("exit", kill);
      await ended;
    },
  };
};
