/** How a real server ends: asked politely while a client holds on, by its launcher, and frozen. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chown, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { postgresPrograms, unprivilegedUser } from "./binaries.ts";
import { ensureCluster, postgresUser } from "./cluster.ts";
import { type PostgresOptions, startPostgres, stopPostgres } from "./server.ts";

/** The launcher's promise for its whole stop. */
const STOP_MS_MAX = 10_000;
/** Twice over: these tests may wait for both of a stop's limits. */
const TEST_MS = 60_000;

let folder = "";
let options: PostgresOptions;
let server: ChildProcess;
let client: Client;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "rh-server-"));
  const clusterDirectory = path.join(folder, "postgres");
  const programs = await postgresPrograms();
  const user = await postgresUser(clusterDirectory);
  if (user !== null) await chown(folder, unprivilegedUser.uid, unprivilegedUser.gid);
  await ensureCluster(programs, clusterDirectory, user);
  options = { programs, user, clusterDirectory, socketDirectory: folder, onLine: () => undefined };
}, TEST_MS);
afterAll(async () => {
  await stopPostgres(server);
  await rm(folder, { recursive: true });
});

/** A server with a client that does not leave by itself. */
beforeEach(async () => {
  server = await startPostgres(options);
  client = new Client({ host: folder, user: "postgres", database: "postgres" });
  // It is cut off, which is what we test.
  client.on("error", () => undefined);
  await client.connect();
}, TEST_MS);

const endOf = async (): Promise<{ readonly how: string; readonly ms: number }> => {
  const begun = performance.now();
  const [code, signal]: unknown[] = await once(server, "exit");
  return { how: String(signal ?? code), ms: performance.now() - begun };
};

test(
  "SIGTERM by hand while a client holds on → ends in order, its client cut off",
  async () => {
    const end = endOf();
    const cut = new Promise((resolve) => {
      client.once("end", () => resolve("cut off"));
    });
    server.kill("SIGTERM");
    const { how, ms } = await end;
    expect(how).toBe("0");
    expect(ms).toBeLessThan(STOP_MS_MAX);
    expect(await cut).toBe("cut off");
  },
  TEST_MS,
);

test(
  "stopped after a SIGTERM by hand → ends in order",
  async () => {
    const end = endOf();
    server.kill("SIGTERM");
    await stopPostgres(server);
    expect((await end).how).toBe("0");
    await stopPostgres(server);
  },
  TEST_MS,
);

test(
  "frozen → killed within the launcher's promise, and the next start recovers",
  async () => {
    const end = endOf();
    server.kill("SIGSTOP");
    await stopPostgres(server);
    expect(await end).toMatchObject({ how: "SIGKILL" });
    expect((await end).ms).toBeLessThan(STOP_MS_MAX);
    server = await startPostgres(options);
    const next = new Client({ host: folder, user: "postgres", database: "postgres" });
    await next.connect();
    expect((await next.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
    await next.end();
  },
  TEST_MS,
);
