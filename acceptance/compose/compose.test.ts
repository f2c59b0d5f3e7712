/**
 * docker-compose.yml as it is deployed: brought up from a clean checkout with the emulator inside, looked at, used, and each
 * container taken away in the middle of a backup. Its tests build on one another, in order.
 */
import { discover, pause, waitUntil } from "@reelhouse/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { chooseSeed } from "../src/random.ts";
import { insert } from "../src/tapes.ts";
import { beginBackup, type Backup } from "./backup.ts";
import { DEATHS, takeAway } from "./deaths.ts";
import {
  adminToken,
  bringUp,
  openChanger,
  openDrive,
  prepare,
  SERVICES,
  tapeState,
  untilHealthy,
  type Prepared,
} from "./deployment.ts";
import { docker, inspect } from "./docker.ts";

const BARCODE = "RHS001L8";
/** RFC 7143 11.9.1: the target asks for a logout. */
const LOGOUT_ASKED = 1;
const OURS = ["uploader", "inventory", "cloud"] as const;
const UPLOADERS = 4;
const UPLOAD_TIMEOUT_MS = 180_000;
const FILES_BEFORE = 2;
/** Half a megabyte and a rest: enough to be in the middle of one, little enough to read it all again each time. */
const BETWEEN_FILES_MS = 150;

const seed = chooseSeed("compose");
let prepared: Prepared;
let backup: Backup;
let token = "";

const seconds = (begun: number) => ((performance.now() - begun) / 1000).toFixed(1);

beforeAll(async () => {
  prepared = await prepare();
});
afterAll(async () => {
  await prepared.remove();
});

test("up with the emulator → every container healthy", async () => {
  const begun = performance.now();
  await bringUp(prepared);
  for (const service of SERVICES) await untilHealthy(prepared.nameOf(service));
  console.log(`  built and healthy after ${seconds(begun)} s`);
  const { ExitCode } = (await inspect(prepared.nameOf("init"))).State;
  expect(ExitCode).toBe(0);
  token = await adminToken(prepared);
});

test("wrong settings → init names all of them at once, and no service starts", async () => {
  const other = `${prepared.project}-wrong`;
  const wrong = {
    REELHOUSE_S3_BUCKET: "",
    REELHOUSE_S3_ENDPOINT: "http://cloud:9000",
    REELHOUSE_SEGMENT_BYTES_MAX: "12",
    REELHOUSE_ISCSI_ANNOUNCE: "0.0.0.0:3260",
  };
  const up = await prepared.compose(["up", "-d", "--no-build"], wrong, other);
  const { output } = await prepared.compose(["logs", "--no-log-prefix", "init"], wrong, other);
  const running = await prepared.compose(["ps", "--services", "--status", "running"], wrong, other);
  await prepared.compose(["down", "--volumes"], wrong, other);
  expect(up.code).not.toBe(0);
  for (const name of ["S3_BUCKET", "S3_ENDPOINT", "SEGMENT_BYTES_MAX", "ISCSI_ANNOUNCE"])
    expect(output).toContain(`REELHOUSE_${name}: `);
  expect(output).toContain("docker compose --profile emulator up -d");
  expect(running.output.trim()).toBe("");
});

test("docker inspect → shows no secret", async () => {
  const secretFiles = [
    ["inventory", "admin-token"],
    ["inventory", "service-token"],
    ["inventory", "database-url"],
    ["gateway", "queue-url"],
    ["gateway", "aws-credentials"],
    ["postgres", "password"],
    ["redis", "password"],
  ] as const;
  const texts = await Promise.all(
    secretFiles.map(([service, file]) =>
      docker("exec", prepared.nameOf(service), "cat", `/run/reelhouse/${file}`),
    ),
  );
  // Passwords within URLs, keys within the credentials file.
  const secrets = texts.flatMap((text) => text.match(/[A-Za-z0-9_-]{20,}/g) ?? []);
  expect(secrets.length).toBeGreaterThanOrEqual(secretFiles.length);
  const names = [...SERVICES, "init"].map((service) => prepared.nameOf(service));
  const shown = await docker("inspect", ...names);
  expect(secrets.filter((secret) => shown.includes(secret))).toEqual([]);
});

test.each(SERVICES)(
  "%s → hardened: no root, no capabilities, read-only, limited",
  async (service) => {
    const { Config, HostConfig } = await inspect(prepared.nameOf(service));
    expect(Config.User).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(HostConfig).toMatchObject({
      ReadonlyRootfs: true,
      Privileged: false,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges:true"],
      RestartPolicy: { Name: "unless-stopped" },
      LogConfig: { Type: "json-file", Config: { "max-size": "10m", "max-file": "5" } },
    });
    expect(HostConfig.Memory).toBeGreaterThan(0);
    expect(HostConfig.PidsLimit).toBeGreaterThan(0);
  },
);

test("published → the portal and the API alone, on loopback", async () => {
  const published = await Promise.all(
    SERVICES.map(async (service) => {
      const { PortBindings } = (await inspect(prepared.nameOf(service))).HostConfig;
      return Object.entries(PortBindings ?? {}).map(([port, bindings]) => [
        service,
        port,
        bindings.map(({ HostIp }) => HostIp),
      ]);
    }),
  );
  expect(published.flat()).toEqual([
    ["gateway", "3260/tcp", ["127.0.0.1"]],
    ["inventory", "8080/tcp", ["127.0.0.1"]],
  ]);
});

test("discovery → names every target at the published address", async () => {
  const targets = await discover({ portal: prepared.portal });
  expect(targets).toHaveLength(3);
  for (const { addresses } of targets)
    expect(addresses).toEqual([`127.0.0.1:${prepared.portal.port},1`]);
});

test("a backup → is restored as it was, and its bytes reach the store", async () => {
  const changer = await openChanger(prepared);
  const drive = await openDrive(prepared);
  await insert(changer, drive, BARCODE);
  await drive.session.logout();
  await changer.session.logout();
  backup = await beginBackup(prepared, `seed ${seed}`);
  for (let file = 0; file < 8; file += 1) await backup.writeFile();
  expect(await backup.fault()).toBeUndefined();
  await uploaded();
});

/** `docker compose up --scale`, which must succeed; what it says. */
const scaleUploader = async (count: number): Promise<string> => {
  const up = ["--profile", "emulator", "up", "-d", "--no-build", "--no-recreate"];
  const scaled = await prepared.compose([...up, "--scale", `uploader=${count}`]);
  expect(scaled).toMatchObject({ code: 0 });
  return scaled.output;
};

test(`--scale uploader=${UPLOADERS} → as many, all healthy, and the backup goes on`, async () => {
  expect(await scaleUploader(UPLOADERS)).toContain(`uploader-${UPLOADERS}`);
  for (let number = 1; number <= UPLOADERS; number += 1)
    await untilHealthy(prepared.nameOf("uploader", number));
  await backup.writeFile();
  await uploaded();
  await scaleUploader(1);
});

const deaths = DEATHS[inject("deaths")];
test.each(deaths)("%s, %s, amid a backup → nothing is lost, work goes on", async (service, way) => {
  for (let file = 0; file < FILES_BEFORE; file += 1) await backup.writeFile();
  const begun = performance.now();
  const event = { over: false };
  let slowestMs = 0;
  const away = takeAway(prepared, service, way).finally(() => {
    event.over = true;
  });
  // The backup never looks whether something died.
  while (!event.over) {
    const fileBegun = performance.now();
    await backup.writeFile();
    slowestMs = Math.max(slowestMs, performance.now() - fileBegun);
    await pause(BETWEEN_FILES_MS);
  }
  const fault = await away;
  const healthy = `healthy after ${seconds(begun)} s, longest wait of the host ${(slowestMs / 1000).toFixed(1)} s`;
  await backup.writeFile();
  await uploaded();
  console.log(
    `  ${service}, ${way}: ${healthy}, all in the store after ${seconds(begun)} s, ` +
      `${backup.cutCount} sessions cut so far`,
  );
  expect(fault).toBeUndefined();
  expect(await backup.fault()).toBeUndefined();
});

test("docker stop gateway → each initiator is asked to log out, exit code 0 within 30 s, what was promised is there", async () => {
  const changer = await openChanger(prepared);
  await backup.writeFile();
  const drive = backup.session;
  expect(await takeAway(prepared, "gateway", "stop and start")).toBeUndefined();
  for (const { asyncMessages } of [changer.session, drive])
    expect(asyncMessages).toContainEqual(expect.objectContaining({ asyncEvent: LOGOUT_ASKED }));
  await backup.writeFile();
  expect(await backup.fault()).toBeUndefined();
  await backup.close();
});

test.each(OURS)("docker stop %s → exit code 0 within 30 s", async (service) => {
  expect(await takeAway(prepared, service, "stop and start")).toBeUndefined();
});

/** Everything that was promised is in the store, and the catalogue knows. An idle tape's last segment is sealed after a while. */
async function uploaded(): Promise<void> {
  await waitUntil(
    async () => {
      const state = await tapeState(prepared, token, BARCODE);
      return state !== undefined && state.usedBytes > 0 && state.pendingBytes === 0
        ? true
        : undefined;
    },
    { what: `${BARCODE} to be in the store`, timeoutMs: UPLOAD_TIMEOUT_MS, pauseMs: 250 },
  );
}
