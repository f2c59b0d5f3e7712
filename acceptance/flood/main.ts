/**
 * `npm run acceptance flood`: 10,000 connections of hostile processes at the portal, from one address and from a thousand,
 * while one honest host writes and reads and another logs in again and again; then a gateway that may open no more files.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts, pause, type Reelhouse, startReelhouse, waitUntil } from "@reelhouse/testing";
import { createPart, type Part, say } from "../report.ts";
import type { Order } from "./attacker.ts";
import { startAttackers } from "./attackers.ts";
import type { AttackName } from "./attacks.ts";
import { type Gauges, gaugesOf } from "./gauges.ts";
import { type Honest, type Latencies, startHonest } from "./honest.ts";

const MIB = 1024 * 1024;
/** In four processes, so that an `ulimit -n` of 4096 is enough. */
const PROCESSES = 4;
const CONNECTIONS = {
  "says nothing": 500,
  "logs in by the byte": 500,
  "logs in with a wrong secret": 500,
  "resets in mid-PDU": 500,
  "sends garbage": 475,
  "asks and never reads": 25,
} as const satisfies Record<AttackName, number>;
const ATTACK_MS = 20_000;
const CALM_MS = 3000;
/** What a login may take, and a little: then nothing hostile is left. */
const AFTERMATH_MS = 40_000;

/**
 * A round is three commands, some 5 ms in peace; here two cores serve product and attackers. Linux gives a session up when a
 * ping takes 5 seconds.
 */
const ROUND_MEDIAN_MS_MAX = 1000;
const ROUND_SLOWEST_MS_MAX = 5000;
/** A SYN that the kernel drops comes again after 1, 3 and 7 seconds. */
const LOGIN_SLOWEST_MS_MAX = 20_000;
const GROWTH_BYTES_MAX = 256 * MIB;
const LOG_BYTES_MAX = 4 * MIB;
const DESCRIPTORS_LEFT_MAX = 8;
/** Room for so many files more, and so many connections for it. */
const FEW_DESCRIPTORS = 40;
/** With one honest host at work; a loop over `accept` would take all of it. */
const SHARE_MAX = 0.9;

const one = ["127.0.0.66"];
const thousand = Array.from({ length: 1000 }, (_, at) => `127.66.${at % 10}.${1 + (at % 250)}`);

const told = ({ count, medianMs, slowestMs }: Latencies) =>
  `${count}, median ${medianMs.toFixed(0)} ms, slowest ${slowestMs.toFixed(0)} ms`;
const check = (part: Part, isSo: boolean, what: string): void =>
  isSo ? part.pass(what) : part.fail(what);

interface Scene {
  readonly part: Part;
  readonly reelhouse: Reelhouse;
  readonly honest: Honest;
  readonly gauges: Gauges;
}

const judgeHonest = ({ part, honest }: Scene, when: string): void => {
  const rounds = honest.takeRounds();
  const logins = honest.takeLogins();
  check(
    part,
    rounds.medianMs <= ROUND_MEDIAN_MS_MAX &&
      rounds.slowestMs <= ROUND_SLOWEST_MS_MAX &&
      rounds.count > 0,
    `${when}: a session works (rounds ${told(rounds)})`,
  );
  check(
    part,
    logins.count > 0 && logins.slowestMs <= LOGIN_SLOWEST_MS_MAX,
    `${when}: another host logs in (logins ${told(logins)})`,
  );
};

/** Sends them all, watches, and waits until nothing of them is left. */
const attack = async (scene: Scene, when: string, addresses: readonly string[]): Promise<void> => {
  const { part, reelhouse, honest, gauges } = scene;
  honest.takeRounds();
  honest.takeLogins();
  const before = {
    resident: gauges.residentBytes(),
    descriptors: gauges.descriptors(),
    log: gauges.logBytes(),
  };
  const order: Order = {
    portal: reelhouse.portal,
    chapTarget: reelhouse.driveName(2),
    connections: CONNECTIONS,
    addresses,
  };
  const attackers = startAttackers(Array.from({ length: PROCESSES }, () => order));
  let mostDescriptors = 0;
  let mostResident = 0;
  let mostHalfOpen = 0;
  for (const end = Date.now() + ATTACK_MS; Date.now() < end; await pause(500)) {
    mostDescriptors = Math.max(mostDescriptors, gauges.descriptors());
    mostResident = Math.max(mostResident, gauges.residentBytes());
    mostHalfOpen = Math.max(
      mostHalfOpen,
      await gauges.metric("reelhouse_iscsi_half_open_connections"),
    );
  }
  const { opened } = attackers.tally;
  await attackers.stop();
  check(part, opened >= 10_000, `${when}: ${opened} connections were made`);
  judgeHonest(scene, when);
  check(part, mostHalfOpen <= 256, `${when}: ${mostHalfOpen} half-open connections at most`);
  // 256 sessions, 64 of discovery, 256 without: and what the kernel accepted at one go.
  check(
    part,
    mostDescriptors - before.descriptors <= 640,
    `${when}: ${mostDescriptors} files open at most`,
  );
  const grown = mostResident - before.resident;
  check(
    part,
    grown <= GROWTH_BYTES_MAX,
    `${when}: memory grew by ${(grown / MIB).toFixed(0)} MiB at most`,
  );
  const logged = gauges.logBytes() - before.log;
  check(part, logged <= LOG_BYTES_MAX, `${when}: ${(logged / 1024).toFixed(0)} KiB of log`);
  const left = await waitUntil(
    () => {
      const more = gauges.descriptors() - before.descriptors;
      return Promise.resolve(more <= DESCRIPTORS_LEFT_MAX ? { more } : undefined);
    },
    { what: `${when}: files that were opened are closed`, timeoutMs: AFTERMATH_MS },
  ).catch(() => undefined);
  check(
    part,
    left !== undefined,
    `${when}: all files were closed again (${gauges.descriptorKinds()})`,
  );
};

const told10k = async ({ part, gauges }: Scene): Promise<void> => {
  for (const name of [
    "reelhouse_iscsi_connections_refused_total",
    "reelhouse_iscsi_connections_displaced_total",
    "reelhouse_iscsi_logins_refused_total",
  ]) {
    const count = await gauges.metric(name);
    check(part, count > 100, `${name} tells of it: ${count}`);
  }
  for (const event of ["portal.connection-refused", "iscsi.login-refused"]) {
    const lines = gauges.logLines(event);
    check(part, lines > 0, `the log tells of it: ${lines} lines ${event}`);
  }
};

/** The soft limit of a process that runs. */
const limitFiles = (pid: number, descriptors: number): void =>
  void execFileSync("prlimit", ["--pid", String(pid), `--nofile=${descriptors}:`]);

/** `accept` fails with EMFILE: the gateway neither ends nor spins, and comes back by itself. */
const noMoreFiles = async (scene: Scene): Promise<void> => {
  const { part, reelhouse, gauges, honest } = scene;
  const when = "no more files";
  const most = Number(
    /Max open files\s+(\d+)/.exec(
      execFileSync("cat", [`/proc/${gauges.pid}/limits`], { encoding: "utf8" }),
    )?.[1],
  );
  honest.takeRounds();
  limitFiles(gauges.pid, gauges.descriptors() + FEW_DESCRIPTORS);
  const attackers = startAttackers([
    {
      portal: reelhouse.portal,
      chapTarget: reelhouse.driveName(2),
      connections: { "says nothing": 200 },
      addresses: thousand,
    },
  ]);
  await pause(CALM_MS);
  const begun = gauges.seconds();
  await pause(CALM_MS);
  const share = (gauges.seconds() - begun) / (CALM_MS / 1000);
  const rounds = honest.takeRounds();
  await attackers.stop();
  limitFiles(gauges.pid, most);
  check(part, rounds.count > 0, `${when}: a session works (rounds ${told(rounds)})`);
  check(part, share < SHARE_MAX, `${when}: ${(100 * share).toFixed(0)} % of a processor`);
  honest.takeLogins();
  await waitUntil(() => Promise.resolve(honest.takeLogins().count > 0 ? true : undefined), {
    what: "a login after it",
    timeoutMs: AFTERMATH_MS,
  });
  part.pass(`${when}: hosts log in again after it`);
};

const play = async (part: Part, reelhouse: Reelhouse, controlPort: number): Promise<void> => {
  const path = `/v1/iscsi/targets/${reelhouse.driveName(2)}/access`;
  const credentials = [{ chapName: "honest", secret: "a-secret-of-the-honest" }];
  const { status } = await reelhouse.api.request("PUT", path, { credentials });
  check(part, status === 200, "a drive asks for a secret");
  const changer = await reelhouse.openChanger();
  await changer.clearUnitAttentions();
  const [first] = await changer.ofType("dataTransfer");
  await changer.load("RHS001L8", first?.address);
  await changer.session.logout();
  const tape = await reelhouse.openDrive(1);
  await tape.clearUnitAttentions();
  const gauges = gaugesOf(reelhouse, controlPort);
  const honest = startHonest(reelhouse, tape);
  const scene: Scene = { part, reelhouse, honest, gauges };
  await pause(CALM_MS);
  judgeHonest(scene, "in peace");
  await attack(scene, "from one address", one);
  await attack(scene, "from a thousand addresses", thousand);
  await told10k(scene);
  const before = honest.faults.length;
  await noMoreFiles(scene);
  await honest.stop();
  const faults = honest.faults.slice(0, before);
  check(part, faults.length === 0, `no honest host met a fault ${faults.slice(0, 3).join("; ")}`);
  check(
    part,
    tape.session.transport.error === undefined,
    "the session of the beginning is still the same",
  );
  check(part, reelhouse.services().gateway === gauges.pid, "the gateway is still the same process");
  await tape.session.logout();
};

const main = async (): Promise<number> => {
  const part = createPart("flood");
  const folder = mkdtempSync(join(tmpdir(), "reelhouse-flood-"));
  const [controlPort = 0] = await freePorts(1);
  const settings = { REELHOUSE_GATEWAY_CONTROL_LISTEN: `127.0.0.1:${controlPort}` };
  const reelhouse = await startReelhouse({ dataDir: join(folder, "data"), settings });
  try {
    await play(part, reelhouse, controlPort);
  } catch (error) {
    part.fail(`broke off: ${String(error)}`);
  }
  const code = await reelhouse.stop().catch(String);
  check(part, code === 0, `stops in order, exit code ${String(code)}`);
  const { passed, failed } = part.result;
  if (failed === 0) rmSync(folder, { recursive: true, force: true });
  else say(`the product's folder: ${folder}`);
  say(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
};

process.exitCode = await main();
