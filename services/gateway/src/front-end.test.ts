/** Access, sessions and redirection as a host and an operator meet them: over iSCSI, and over the control API. */
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import net from "node:net";
import path from "node:path";
import { controlSessions, errorBody, targetAccessView } from "@reelhouse/contracts";
import { discover, IscsiError, SCSI_STATUS, waitUntil } from "@reelhouse/testing";
import type { ConnectOptions, Tape } from "@reelhouse/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openControlApi } from "./testing/control-api.ts";
import type { ControlApi } from "./testing/control-api.ts";
import { openOfflineGateway } from "./testing/offline-gateway.ts";
import type { OfflineGateway } from "./testing/offline-gateway.ts";

// Most of it is waiting; beside other tests on a small machine more so.
vi.setConfig({ testTimeout: 60_000 });

const alice = "iqn.2026-11.org.example:alice";
const bob = "iqn.2026-11.org.example:bob";
const secret = "the-secret-of-alice";
const targetSecret = "the-secret-of-the-drive";

let offline: OfflineGateway;
let control: ControlApi;
let driveName: string;
beforeEach(async () => {
  offline = await openOfflineGateway();
  control = await openControlApi(offline.gateway);
  driveName = offline.gateway.targetNames[1] ?? "";
});
afterEach(() => offline.close());

const accessUrl = (name = driveName) => `/control/v1/iscsi/targets/${name}/access`;
const refusal = async (login: Promise<unknown>): Promise<string> => {
  const error: unknown = await login.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof IscsiError) || error.code === undefined) return String(error);
  return error.code.toString(16).padStart(4, "0");
};
const drive = (options: Partial<ConnectOptions> = {}) => offline.drive(1, options);
const names = async (options: Partial<ConnectOptions> = {}) => {
  const found = await discover({ portal: offline.gateway.portalAddress, ...options });
  return found.map(({ targetName }) => targetName);
};
const isOver = async (tape: Tape) => {
  await waitUntil(() => (tape.session.transport.error === undefined ? undefined : true), {
    timeoutMs: 15_000,
    what: "the session ends",
  });
};
const sessions = async () =>
  controlSessions.response.parse((await control.ask("GET", "/control/v1/iscsi/sessions")).body)
    .sessions;

const setFault = async (credentials: object[], name?: string) =>
  errorBody.parse((await control.ask("PUT", accessUrl(name), { credentials })).body);

test("a secret set for a target → at once only who knows it comes in, either side proves itself, and no answer shows it", async () => {
  const set = await control.ask("PUT", accessUrl(), {
    credentials: [
      { chapName: "alice", secret, target: { chapName: "drive", secret: targetSecret } },
    ],
  });
  const shown = targetAccessView.parse(set.body);
  expect(shown).toMatchObject({ source: "api", targetName: driveName });
  expect(JSON.stringify(shown)).not.toContain("secret-of");
  expect(await refusal(drive())).toBe("0201");
  expect(await refusal(drive({ chap: { name: "alice", secret: "another-secret" } }))).toBe("0201");
  expect(await refusal(drive({ chap: { name: "bob", secret } }))).toBe("0201");
  const target = { name: "drive", secret: targetSecret };
  const tape = await drive({ chap: { name: "alice", secret, target } });
  expect((await sessions()).map(({ chapName }) => chapName)).toEqual(["alice"]);
  await tape.session.logout();
  await control.ask("DELETE", accessUrl());
  expect((await drive()).session.transport.error).toBeUndefined();
});

test("access changed → the sessions of that target are asked to log out and end, others go on", async () => {
  const [tape, other] = [await drive(), await offline.drive(2)];
  await control.ask("PUT", accessUrl(), { initiators: [alice] });
  await isOver(tape);
  expect(tape.session.asyncMessages.length).toBe(1);
  expect(await refusal(drive())).toBe("0202");
  expect((await other.testUnitReady()).status).toBe(SCSI_STATUS.checkCondition);
  expect((await drive({ initiatorName: alice })).session.transport.error).toBeUndefined();
});

test("access changed while a login is half done → that login ends, and what it sends is not heard", async () => {
  const { host, port } = offline.gateway.portalAddress;
  const socket = net.connect({ host, port });
  socket.on("error", () => undefined);
  await once(socket, "connect");
  const { portals } = offline.gateway.frontEnd;
  await expect.poll(() => portals.halfOpenCount).toBe(1);
  const closed = new Promise((resolve) => socket.once("close", resolve));
  await control.ask("PUT", accessUrl(), { initiators: [] });
  await closed;
  await expect.poll(() => portals.connectionCount).toBe(0);
});

test("an allow list → others are not shown the target; discovery asks for its own proof", async () => {
  await control.ask("PUT", accessUrl(), { initiators: [alice] });
  expect(await names({ initiatorName: bob })).not.toContain(driveName);
  expect(await names({ initiatorName: alice })).toContain(driveName);
  const credentials = [{ chapName: "looker", secret }];
  await control.ask("PUT", "/control/v1/iscsi/discovery/access", { credentials });
  expect(await refusal(names())).toBe("0201");
  expect((await names({ chap: { name: "looker", secret } })).length).toBe(2);
});

test("the access file changed while hosts are logged in → only sessions of changed targets end, and new logins meet its rules", async () => {
  const file = path.join(offline.dataDir, "access-rules.json");
  const write = (targets: object) => writeFile(file, JSON.stringify({ targets }), { mode: 0o600 });
  await write({ [driveName]: {} });
  await offline.restart({ iscsiAccessFile: file });
  control = await openControlApi(offline.gateway);
  const [tape, other] = [await drive(), await offline.drive(2)];
  await write({ [driveName]: { credentials: [{ chapName: "alice", secret }] } });
  await isOver(tape);
  expect(tape.session.asyncMessages.length).toBe(1);
  expect(await refusal(drive())).toBe("0201");
  expect((await drive({ chap: { name: "alice", secret } })).session.transport.error).toBe(
    undefined,
  );
  expect((await other.testUnitReady()).status).toBe(SCSI_STATUS.checkCondition);
  expect(errorBody.parse((await control.ask("PUT", accessUrl(), {})).body).code).toBe(
    "ACCESS_IN_FILE",
  );
});

test("a second initiator → 0301 while the first is there, in when several may be", async () => {
  await drive({ initiatorName: alice });
  expect(await refusal(drive({ initiatorName: bob }))).toBe("0301");
  await control.ask("PUT", accessUrl(), { severalInitiators: true });
  const both = await Promise.all([drive({ initiatorName: alice }), drive({ initiatorName: bob })]);
  expect(both.map(({ session }) => session.transport.error)).toEqual([undefined, undefined]);
});

test("a drive that was added → its access and its redirection can be set like those of the others", async () => {
  const added = await control.ask("POST", "/control/v1/libraries/gw1/drives", {
    model: "IBM:ULT3580-TD8:R3G3",
  });
  expect(added.status).toBe(201);
  const name = offline.gateway.targetNames.at(-1) ?? "";
  expect(name).not.toBe(driveName);
  const set = await control.ask("PUT", accessUrl(name), { initiators: [alice] });
  expect(targetAccessView.parse(set.body)).toMatchObject({ targetName: name, source: "api" });
  const moved = await control.ask("PUT", `/control/v1/iscsi/targets/${name}/redirect`, {
    address: "192.0.2.9:3260",
  });
  expect(moved.status).toBe(200);
});

test("a secret that is too short, used both ways or for no target → refused, naming the field", async () => {
  expect((await setFault([{ chapName: "a", secret: "12345678901" }])).field).toBe(
    "body.credentials.0.secret",
  );
  const both = { chapName: "a", secret, target: { chapName: "t", secret } };
  expect((await setFault([both])).field).toBe("body.credentials.0.target.secret");
  expect((await setFault([], "iqn.2026-11.org.example:none")).code).toBe("TARGET_NOT_FOUND");
});

test("the session list → who, where, what was agreed on and done; one that is ended leaves it", async () => {
  const tape = await drive({ initiatorName: alice, headerDigest: "CRC32C" });
  await tape.inquiry();
  const [listed, ...more] = await sessions();
  expect(more).toEqual([]);
  expect(listed).toMatchObject({
    sessionType: "Normal",
    initiatorName: alice,
    targetName: driveName,
    portalGroupTag: 1,
    chapName: null,
    keys: { HeaderDigest: "CRC32C", DataDigest: "None" },
    protocolErrors: 0,
    idleSeconds: 0,
  });
  expect(listed?.commands).toBeGreaterThan(0);
  expect(listed?.sentBytes).toBeGreaterThan(35);
  expect(listed?.remoteAddress).toMatch(/^127\.0\.0\.1:\d+$/);
  const url = `/control/v1/iscsi/sessions/${listed?.tsih ?? 0}`;
  expect((await control.ask("GET", url)).body).toMatchObject({ tsih: listed?.tsih });
  expect((await control.ask("DELETE", url)).status).toBe(202);
  await isOver(tape);
  expect(await sessions()).toEqual([]);
  for (const method of ["GET", "DELETE"] as const)
    expect((await control.ask(method, url)).body).toMatchObject({ code: "SESSION_NOT_FOUND" });
});

test("a target that has moved → 0101 or 0102 with the address, also after a restart; back again when it is here", async () => {
  const url = `/control/v1/iscsi/targets/${driveName}/redirect`;
  const tape = await drive();
  await control.ask("PUT", url, { address: "192.0.2.9:3260" });
  await isOver(tape);
  expect(await refusal(drive())).toBe("0101");
  await control.ask("PUT", url, { address: "[2001:db8::9]:3260", permanent: true });
  await offline.restart();
  control = await openControlApi(offline.gateway);
  expect(await refusal(drive())).toBe("0102");
  await control.ask("DELETE", url);
  expect((await drive()).session.transport.error).toBeUndefined();
});
