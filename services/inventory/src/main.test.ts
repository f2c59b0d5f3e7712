/** The service as a process: it becomes ready, stops cleanly, and refuses what it cannot work with. */
import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readyReport } from "@reelhouse/service-kit";
import { Client } from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { emptyDatabase, useTestPostgres } from "./testing-postgres.ts";

const databaseUrl = useTestPostgres();

let folder: string;
let environment: Record<string, string>;
let child: ChildProcess | undefined;
beforeEach(async () => {
  await emptyDatabase(databaseUrl());
  folder = await mkdtemp(join(tmpdir(), "reelhouse-inventory-"));
  const serviceTokenFile = join(folder, "service-token");
  await writeFile(serviceTokenFile, "service-token-for-tests\n");
  await chmod(serviceTokenFile, 0o600);
  environment = {
    REELHOUSE_API_LISTEN: "127.0.0.1:0",
    REELHOUSE_DATABASE_URL: databaseUrl(),
    REELHOUSE_SERVICE_TOKEN_FILE: serviceTokenFile,
    REELHOUSE_ADMIN_TOKEN_FILE: join(folder, "admin-token"),
  };
});
afterEach(async () => {
  child?.kill("SIGKILL");
  await rm(folder, { recursive: true });
});

function start() {
  const main = join(import.meta.dirname, "main.ts");
  child = spawn(process.execPath, [main], {
    env: environment,
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  let log = "";
  child.stdout?.on("data", (text: Buffer) => {
    log += text.toString();
  });
  const running = child;
  const ready = new Promise<string>((resolve) => {
    running.once("message", (message) => resolve(readyReport.parse(message).api ?? ""));
  });
  const exit = new Promise<number | null>((resolve) => {
    running.once("exit", (code) => resolve(code));
  });
  return { ready, exit, log: () => log, kill: (signal: NodeJS.Signals) => running.kill(signal) };
}

test("start → ready with its address, admin token made (0600) and good for the API, SIGTERM → exit 0", async () => {
  const service = start();
  const api = await service.ready;
  const tokenFile = environment["REELHOUSE_ADMIN_TOKEN_FILE"] ?? "";
  expect((await stat(tokenFile)).mode & 0o777).toBe(0o600);
  const token = (await readFile(tokenFile, "utf8")).trim();
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`http://${api}/v1/tapes`, { headers });
  expect(await response.json()).toEqual({ tapes: [], marker: null });
  service.kill("SIGTERM");
  expect(await service.exit).toBe(0);
  expect(service.log()).not.toContain(token);
});

test("database of a newer version → says so and exits 1", async () => {
  const first = start();
  await first.ready;
  first.kill("SIGTERM");
  await first.exit;
  const client = new Client({ connectionString: environment["REELHOUSE_DATABASE_URL"] });
  await client.connect();
  await client.query("update _prisma_migrations set migration_name = '9999_later'");
  await client.end();
  const second = start();
  expect(await second.exit).toBe(1);
  expect(second.log()).toContain("9999_later, which this version does not know");
});

test("settings missing and misspelt → all named at once, exit 1", async () => {
  environment = { REELHOUSE_API_LISTEN: "nowhere", REELHOUSE_DATABASE_URI: "x" };
  const service = start();
  expect(await service.exit).toBe(1);
  for (const name of [
    "REELHOUSE_API_LISTEN",
    "did you mean REELHOUSE_DATABASE_URL",
    "REELHOUSE_SERVICE_TOKEN_FILE",
    "REELHOUSE_ADMIN_TOKEN_FILE",
  ]) {
    expect(service.log()).toContain(name);
  }
});
