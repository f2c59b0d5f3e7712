/** Access, sessions and redirection over REST, with a real Postgres and a gateway that answers as scripted. */
import type { ErrorBody, IscsiSession, TargetAccessView } from "@reelhouse/contracts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Script } from "../../testing-gateway.ts";
import { startTestService, type TestService } from "../../testing-service.ts";
import { useTestPostgres } from "../../testing-postgres.ts";

const databaseUrl = useTestPostgres();
const targetName = "iqn.2026-11.io.reelhouse:gw1-tapedrive-01";
const url = `/v1/iscsi/targets/${targetName}/access`;
const credential = { chapName: "alice", secret: "the-secret-of-alice" };
const view: TargetAccessView = {
  targetName,
  source: "api",
  initiators: null,
  severalInitiators: false,
  credentials: [{ initiatorName: null, chapName: "alice", target: null }],
};

let service: TestService;
beforeAll(async () => {
  service = await startTestService(databaseUrl());
});
afterAll(() => service[Symbol.asyncDispose]());
beforeEach(async () => {
  await service.catalogue.database.audit.deleteMany();
  service.gateway.script.length = 0;
  service.log.length = 0;
});

const answer = (body: unknown, status = 200): Script => ({
  kind: "answer",
  status,
  body: JSON.stringify(body),
});
const audit = () => service.catalogue.database.audit.findMany({ orderBy: { id: "asc" } });

test("access set → the gateway's answer, an audit row, and the secret in neither row nor log", async () => {
  service.gateway.script.push(answer({ ...view, secret: "leaked by an old gateway" }));
  const set = await service.ask("PUT", url, { credentials: [credential] });
  expect(set).toMatchObject({ status: 200, body: view });
  expect(JSON.stringify(set.body)).not.toContain("leaked");
  const rows = await audit();
  expect(rows).toMatchObject([{ action: "iscsi.access.set", subject: targetName, outcome: "OK" }]);
  const told = JSON.stringify(rows, (_key, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  );
  expect(told).toContain("alice");
  expect(told + service.log.join("")).not.toContain(credential.secret);
});

test("what the access file decides → the gateway's refusal, audited as such", async () => {
  service.gateway.script.push({ kind: "refuse", code: "ACCESS_IN_FILE" });
  const set = await service.ask<ErrorBody>("PUT", url, {});
  expect([set.status, set.body.code]).toEqual([409, "ACCESS_IN_FILE"]);
  expect((await audit()).map(({ outcome }) => outcome)).toEqual(["ACCESS_IN_FILE"]);
});

test("a refusal with a field and a detail → both handed on, the table's message once", async () => {
  service.gateway.script.push(
    answer(
      {
        code: "TARGET_NOT_FOUND",
        message: "The gateway has no iSCSI target of that name. Look at discovery.",
        field: "path.targetName",
        retryable: false,
        requestId: "r1",
      },
      404,
    ),
  );
  expect((await service.ask<ErrorBody>("GET", url)).body).toMatchObject({
    code: "TARGET_NOT_FOUND",
    field: "path.targetName",
    message: "The gateway has no iSCSI target of that name. Look at discovery.",
  });
});

test("the gateway gives no answer to a change → 503 that says it may have been done", async () => {
  service.gateway.script.push({ kind: "cut the connection" });
  const ended = await service.ask<ErrorBody>("DELETE", "/v1/iscsi/sessions/7");
  expect(ended.status).toBe(503);
  expect(ended.body).toMatchObject({ code: "GATEWAY_UNAVAILABLE", retryable: true });
  expect(ended.body.message).toMatch(/may have been done/);
  service.gateway.script.push(answer({ sessions: "none" }));
  expect((await service.ask<ErrorBody>("GET", "/v1/iscsi/sessions")).status).toBe(503);
});

const session = (tsih: number, initiatorName: string, target: string | null): IscsiSession => ({
  tsih,
  sessionType: target === null ? "Discovery" : "Normal",
  initiatorName,
  initiatorAlias: null,
  isid: "80000000000a",
  remoteAddress: "192.0.2.7:50000",
  portalAddress: "192.0.2.1:3260",
  portalGroupTag: 1,
  targetName: target,
  chapName: null,
  keys: {
    HeaderDigest: "None",
    DataDigest: "CRC32C",
    InitialR2T: true,
    ImmediateData: true,
    FirstBurstLength: 65_536,
    MaxBurstLength: 262_144,
    MaxOutstandingR2T: 1,
    ErrorRecoveryLevel: 0,
    MaxRecvDataSegmentLength: 8192,
  },
  commands: 0,
  commandsOutstanding: 0,
  receivedBytes: 0,
  sentBytes: 0,
  protocolErrors: 0,
  startedAt: "2026-11-22T00:00:00.000Z",
  idleSeconds: 0,
});

test.each([
  ["", [1, 2, 3]],
  ["?initiatorName=iqn.2026-11.org.example:ALICE", [1, 2]],
  [`?targetName=${targetName}`, [1, 3]],
  [`?targetName=${targetName}&initiatorName=iqn.2026-11.org.example:bob`, [3]],
  ["?initiatorName=iqn.2026-11.org.example:carol", []],
])("sessions%s → those of that name, in whatever case", async (queryText, tsihs) => {
  const [alice, bob] = ["iqn.2026-11.org.example:alice", "iqn.2026-11.org.example:bob"];
  const sessions = [
    session(1, alice, targetName),
    session(2, alice, null),
    session(3, bob, targetName.toUpperCase()),
  ];
  service.gateway.script.push(answer({ sessions }));
  const { body } = await service.ask<{ sessions: IscsiSession[] }>(
    "GET",
    `/v1/iscsi/sessions${queryText}`,
  );
  expect(body.sessions.map(({ tsih }) => tsih)).toEqual(tsihs);
});

const faultOf = async (path: string) => {
  const { status, body } = await service.ask<ErrorBody>("GET", path);
  return [status, body.code, body.field];
};

test("a filter that there is not, a session's name that is none → 400 with the field", async () => {
  const told = [400, "INVALID_REQUEST"];
  expect(await faultOf("/v1/iscsi/sessions?initiator=x")).toEqual([...told, "query.initiator"]);
  expect(await faultOf("/v1/iscsi/sessions/abc")).toEqual([...told, "path.tsih"]);
});

test.each([
  ["", 2],
  ["?kind=connection", 1],
  [`?targetName=${targetName}&kind=login`, 1],
  ["?initiatorName=iqn.2026-11.org.example:bob", 0],
])("refusals%s → %i of them", async (queryText, count) => {
  const at = "2026-11-22T00:00:00.000Z";
  const common = { remoteAddress: "192.0.2.7:50000", reason: "why", count: 1, firstAt: at };
  const refusals = [
    {
      ...common,
      kind: "login",
      initiatorName: "iqn.2026-11.org.example:alice",
      targetName,
      status: "AUTHENTICATION FAILURE",
      lastAt: at,
    },
    {
      ...common,
      kind: "connection",
      initiatorName: null,
      targetName: null,
      status: "halfOpen",
      lastAt: at,
    },
  ];
  service.gateway.script.push(answer({ refusals }));
  const { body } = await service.ask<{ refusals: object[] }>(
    "GET",
    `/v1/iscsi/refusals${queryText}`,
  );
  expect(body.refusals.length).toBe(count);
});

test("one session → as the gateway shows it", async () => {
  const shown = session(7, "iqn.2026-11.org.example:alice", targetName);
  service.gateway.script.push(answer(shown));
  expect((await service.ask("GET", "/v1/iscsi/sessions/7")).body).toEqual(shown);
});

test.each([
  [{ credentials: [{ ...credential, secret: "short" }] }, "body.credentials.0.secret"],
  [{ initiators: ["backup"] }, "body.initiators.0"],
  [{ severalInitiator: true }, "body.severalInitiator"],
])("access %j → 400 at %s, and the gateway is not asked", async (body, field) => {
  const asked = service.gateway.seen.length;
  const set = await service.ask<ErrorBody>("PUT", url, body);
  expect([set.status, set.body.field]).toEqual([400, field]);
  expect(service.gateway.seen.length).toBe(asked);
});
