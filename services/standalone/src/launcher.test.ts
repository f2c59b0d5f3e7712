/** The launcher with real Postgres, store and uploader: start, deaths of children, stop, and starts that must fail. */
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { loadConfig } from "@reelhouse/service-kit";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { settleAddresses } from "./addresses.ts";
import { standaloneConfig } from "./config.ts";
import { createLauncher, type Launcher } from "./launcher.ts";
import { identify, isAlive, processIdentity } from "./process-identity.ts";
import { createScreen } from "./screen.ts";

const lockShape = z.object({ children: z.record(z.string(), processIdentity) });
const anyPort = {
  REELHOUSE_ISCSI_LISTEN: "127.0.0.1:0",
  REELHOUSE_API_LISTEN: "127.0.0.1:0",
  REELHOUSE_CLOUD_LISTEN: "127.0.0.1:0",
  REELHOUSE_GATEWAY_CONTROL_LISTEN: "127.0.0.1:0",
  REELHOUSE_UPLOADER_OPS_LISTEN: "127.0.0.1:0",
};
let folder = "";
let launcher: Launcher;
let text = "";
const screen = createScreen((piece) => {
  text += piece;
});

const launch = (extra: Record<string, string> = {}) => {
  const settings = { ...anyPort, REELHOUSE_DATA_DIR: path.join(folder, "data"), ...extra };
  return createLauncher({
    config: loadConfig(standaloneConfig, settings),
    environment: { PATH: "/usr/bin:/bin", AWS_PROFILE: "somebody-elses", ...settings },
    screen,
    services: [{ name: "uploader", stopTimeoutMs: 4000 }],
  });
};
const children = async () => {
  const lock: unknown = JSON.parse(
    await readFile(path.join(folder, "data/reelhouse.lock"), "utf8"),
  );
  return lockShape.parse(lock).children;
};

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "rh-launch-"));
  launcher = launch();
  await launcher.start();
}, 60_000);
afterAll(async () => {
  await launcher.stop();
  await rm(folder, { recursive: true });
}, 30_000);

test("started → steps with times, then ready; secrets for this user only", async () => {
  expect(text).toMatch(/postgres {7}… \d+\.\d s\n/);
  expect(text).toMatch(/^ready after/m);
  for (const file of ["admin-token", "service-token", "cloud/credentials.json", "reelhouse.lock"]) {
    expect((await stat(path.join(folder, "data", file))).mode & 0o077).toBe(0);
  }
  expect((await stat(path.join(folder, "data"))).mode & 0o777).toBe(0o700);
  expect(Object.keys(await children()).sort()).toEqual(["cloud", "postgres", "uploader"]);
});

test("no secret stands in any argument", async () => {
  const secrets = await Promise.all([
    readFile(path.join(folder, "data/admin-token"), "utf8"),
    readFile(path.join(folder, "data/service-token"), "utf8"),
  ]);
  for (const { pid } of Object.values(await children())) {
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8");
    for (const secret of secrets) expect(command).not.toContain(secret.trim());
  }
});

test("a second launcher in the same folder → refused", async () => {
  const second = launch();
  await expect(second.start()).rejects.toThrow("is in use by another Reelhouse");
  await second.stop();
  expect(Object.keys(await children())).toHaveLength(3);
});

test.each(["uploader", "postgres", "cloud"])(
  "%s killed → said so, and back",
  async (name) => {
    const before = (await children())[name];
    process.kill(before?.pid ?? 0, "SIGKILL");
    await vi.waitFor(() => expect(text).toMatch(new RegExp(`${name} is back after`)), {
      timeout: 20_000,
    });
    expect(text).toContain(`${name} ended (SIGKILL)`);
    expect((await children())[name]?.pid).not.toBe(before?.pid);
  },
  30_000,
);

test("stopped → every child ended, within ten seconds; startable again", async () => {
  const running = Object.values(await children());
  const begun = performance.now();
  await launcher.stop();
  expect(performance.now() - begun).toBeLessThan(10_000);
  for (const identity of running) expect(await isAlive(identity)).toBe(false);
  await expect(children()).rejects.toThrow("ENOENT");
  launcher = launch();
  await launcher.start();
}, 60_000);

test("ports in use → every one named with its setting; port 0 → ports of their own", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const bound = other.address();
  const port = typeof bound === "object" && bound !== null ? bound.port : 0;
  const taken = { host: "127.0.0.1", port };
  const config = loadConfig(standaloneConfig, anyPort);
  const wanted = settleAddresses(
    { ...config, apiListen: taken, iscsiListen: [{ ...taken, portalGroupTag: 1 }] },
    ["iscsiListen", "apiListen"],
  );
  await expect(wanted).rejects.toThrow(
    /REELHOUSE_ISCSI_LISTEN: cannot[\s\S]*REELHOUSE_API_LISTEN: cannot/,
  );
  other.close();
  const settled = await settleAddresses(config, ["iscsiListen", "apiListen", "cloudListen"]);
  const ports = [settled.iscsiListen[0]?.port, settled.apiListen.port, settled.cloudListen.port];
  expect(new Set(ports).size).toBe(3);
  expect(ports).not.toContain(0);
});

test("an endpoint without a bucket → a fault", () => {
  const settings = { ...anyPort, REELHOUSE_S3_ENDPOINT: "http://127.0.0.1:1" };
  expect(() => loadConfig(standaloneConfig, settings)).toThrow("REELHOUSE_S3_BUCKET");
});

test("faults in what services read → named by the launcher too, all at once, beside its own", () => {
  const settings = {
    ...anyPort,
    REELHOUSE_API_LISTEN: "nowhere",
    REELHOUSE_SEGMENT_BYTES_MAX: "many",
    REELHOUSE_UPLOADER_CONCURRENCY: "0",
    REELHOUSE_DRIVE_MODEL: "one",
    REELHOUSE_KMS_ENDPOINT: "http://127.0.0.1:1",
  };
  const load = () => loadConfig(standaloneConfig, settings);
  expect(load).toThrow(/5 settings are wrong/);
  for (const name of ["API_LISTEN", "SEGMENT_BYTES_MAX", "UPLOADER_CONCURRENCY", "DRIVE_MODEL"])
    expect(load).toThrow(`REELHOUSE_${name}: `);
  expect(load).toThrow("REELHOUSE_S3_BUCKET: is not set");
});

test("this process → alive; the same pid begun at another time → not", async () => {
  const self = await identify(process.pid);
  expect(await isAlive(self)).toBe(true);
  expect(await isAlive({ ...self, started: "another" })).toBe(false);
});
