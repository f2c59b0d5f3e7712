/** Access, sessions and redirection over REST, with a real Postgres and a gateway that answers as scripted. */
import type { ErrorBody, TargetAccessView } from "@reelhouse/contracts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Script } from "../testing-gateway.ts";
import { startTestService, type TestService } from "../testing-service.ts";
import { useTestPostgres } from "../testing-postgres.ts";

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
