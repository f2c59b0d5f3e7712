/** What an operator sees of hosts that come in, that do not, and of the targets they meet. */
import { controlInitiators, controlRefusals, controlTargets } from "@reelhouse/contracts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openControlApi } from "../../testing/control-api.ts";
import type { ControlApi } from "../../testing/control-api.ts";
import { openOfflineGateway } from "../../testing/offline-gateway.ts";
import type { OfflineGateway } from "../../testing/offline-gateway.ts";

const alice = "iqn.2026-11.org.example:alice";
const bob = "iqn.2026-11.org.example:bob";
const secret = "the-secret-of-alice";

let offline: OfflineGateway;
let control: ControlApi;
let changerName: string;
let driveName: string;
beforeEach(async () => {
  offline = await openOfflineGateway();
  control = await openControlApi(offline.gateway);
  [changerName = "", driveName = ""] = offline.gateway.targetNames;
});
afterEach(() => offline.close());

const setAccess = (targetName: string, access: object) =>
  control.ask("PUT", `/control/v1/iscsi/targets/${targetName}/access`, access);
const list = async (path: string) => (await control.ask("GET", path)).body;
const refusedLogin = async (login: Promise<unknown>) => expect(login).rejects.toThrow();

test("hosts that were refused → each with target, status and why, and no secret", async () => {
  await setAccess(driveName, { initiators: [alice], credentials: [{ chapName: "alice", secret }] });
  const chap = { name: "alice", secret: "not-the-secret" };
  await refusedLogin(offline.drive(1, { initiatorName: bob }));
  for (let login = 0; login < 2; login += 1)
    await refusedLogin(offline.drive(1, { initiatorName: alice, chap }));
  await refusedLogin(offline.login("iqn.2026-11.org.example:nowhere"));
  const { refusals } = controlRefusals.response.parse(await list(controlRefusals.path));
  const told = refusals.map(({ initiatorName, targetName, status, count }) => [
    initiatorName,
    targetName,
    status,
    count,
  ]);
  expect(told).toHaveLength(3);
  expect(told).toContainEqual([bob, driveName, "AUTHORIZATION FAILURE", 1]);
  expect(told).toContainEqual([alice, driveName, "AUTHENTICATION FAILURE", 2]);
  expect(told.map(([, targetName]) => targetName)).toContain("iqn.2026-11.org.example:nowhere");
  expect(refusals.every(({ reason, kind }) => reason !== "" && kind === "login")).toBe(true);
  expect(JSON.stringify(refusals)).not.toMatch(/-secret/);
});

test("hosts that logged in → when and where last, and what they have now; the targets with their rules and sessions", async () => {
  await setAccess(changerName, { severalInitiators: true, initiators: [alice, bob] });
  const tape = await offline.drive(1, { initiatorName: alice });
  const { initiators } = controlInitiators.response.parse(await list(controlInitiators.path));
  expect(initiators).toMatchObject([
    { initiatorName: alice, logins: 1, lastTargetName: driveName },
  ]);
  const [tsih] = initiators[0]?.sessions ?? [];
  expect(tsih).toBeGreaterThan(0);
  await control.ask("PUT", `/control/v1/iscsi/targets/${driveName}/redirect`, {
    address: "192.0.2.9:3260",
  });
  const { targets, accessFile } = controlTargets.response.parse(await list(controlTargets.path));
  expect(accessFile).toBeNull();
  expect(targets.map(({ targetName }) => targetName)).toEqual(offline.gateway.targetNames);
  expect(targets[0]).toMatchObject({
    device: "changer",
    library: "gw1",
    elementAddress: null,
    access: { source: "api", severalInitiators: true, initiators: [alice, bob] },
    redirect: null,
    sessions: [],
  });
  expect(targets[1]).toMatchObject({
    device: "drive",
    access: { source: "default", initiators: null },
    redirect: { address: "192.0.2.9:3260", permanent: false },
    sessions: [tsih],
  });
  await tape.session.logout();
  const after = controlInitiators.response.parse(await list(controlInitiators.path));
  expect(after.initiators).toMatchObject([{ initiatorName: alice, sessions: [] }]);
});
