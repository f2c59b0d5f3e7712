/** The acceptance run's part with a real Linux kernel: the guest's scripts against a portal of this host. */
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import type { RestApi } from "@reelhouse/testing";
import { createPart, type PartResult } from "../report.ts";
import { createReader } from "./guest-results.ts";
import { openHostDoor } from "./host-door.ts";
import { startRelay } from "./relay.ts";
import { ensureImage, runGuest } from "./run.ts";

export const GUEST_SCRIPTS = [
  "10-discovery",
  "15-negotiation",
  "16-authentication",
  "17-broken-sessions",
  "20-changer",
  "30-positioning",
  "40-archives",
  "50-end-of-medium",
  "60-queries",
  "70-partitions",
  "80-encryption",
] as const;
const COVERAGE = join(import.meta.dirname, "../COVERAGE.md");
/** The host's loopback interface, as the guest sees it behind QEMU's user-mode network. */
const HOST_IN_GUEST = "10.0.2.2";
/** Says that a script hangs: the longest takes two minutes, and twice or four times that on a busy machine. */
const SCRIPT_SECONDS = 900;
const BOOT_SECONDS = 60;
/** All of them; the whole of .ci/run has three quarters of an hour. */
const GUEST_SECONDS_MAX = 1800;

export interface GuestTarget {
  /** Of this host's loopback interface. */
  readonly portalPort: number;
  /** Of the same product: what the guest asks of its operator. */
  readonly api: RestApi;
  /** Everything the product showed and logged so far. */
  readonly productOutput: () => Promise<string>;
  /** Three cartridges small enough to be filled, for the end of medium. */
  readonly smallTapes: readonly string[];
  /** What the portal is of, to tell results apart: "compose". */
  readonly deployment?: string;
  /** Everything that the guest prints. */
  readonly logFile: string;
  /** Fewer than all, for whoever works on one. */
  readonly scripts?: readonly string[];
}

/** Runs the scripts in one guest. One that did not run, or not to its end, has failed; without an image, all are left out. */
export const runGuestScripts = async (target: GuestTarget): Promise<PartResult[]> => {
  const scripts = target.scripts ?? GUEST_SCRIPTS;
  const begun = performance.now();
  const nameOf = (part: string) =>
    target.deployment === undefined ? part : `${target.deployment} ${part}`;
  const image = createPart(nameOf("guest"));
  const missing = ensureImage((line) => image.say(line));
  if (missing !== undefined) return [{ ...image.result, note: `not run: ${missing}` }];
  const relay = await startRelay(target.portalPort);
  const door = await openHostDoor({ ...target, relay });
  const log = createWriteStream(target.logFile);
  const reader = createReader((line) => log.write(`${line}\n`), nameOf);
  const outcome = await runGuest({
    environment: {
      PORTAL: `${HOST_IN_GUEST}:${target.portalPort}`,
      RELAY: `${HOST_IN_GUEST}:${relay.port}`,
      HOST_DOOR: `${HOST_IN_GUEST}:${door.port}`,
      SCRIPTS: scripts.join(" "),
      SCRIPT_SECONDS: String(SCRIPT_SECONDS),
      SMALL_TAPES: target.smallTapes.join(" "),
    },
    files: [COVERAGE],
    timeoutMs: Math.min(GUEST_SECONDS_MAX, BOOT_SECONDS + scripts.length * SCRIPT_SECONDS) * 1000,
    onLine: (line) => reader.read(line),
  });
  await Promise.all([relay.close(), door.close()]);
  log.end();
  reader.unfinished()?.fail("did not come to its end");
  if (outcome.failure !== undefined) image.fail(outcome.failure);
  for (const script of reader.silent(scripts)) image.fail(`${script} told nothing`);
  const inScripts = reader.parts.reduce((sum, { result }) => sum + result.seconds, 0);
  image.result.seconds = (performance.now() - begun) / 1000 - inScripts;
  return [image.result, ...reader.parts.map(({ result }) => result)];
};
