/** The audit over REST, with a real Postgres. */
import type { AuditEntry, ErrorBody } from "@reelhouse/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestService, type TestService } from "../testing-service.ts";
import { useTestPostgres } from "../testing-postgres.ts";

const databaseUrl = useTestPostgres();
const targetName = "iqn.2026-11.io.reelhouse:gw1-tapedrive-01";

interface Page {
  readonly audit: AuditEntry[];
  readonly marker: string | null;
}

let service: TestService;
beforeAll(async () => {
  service = await startTestService(databaseUrl());
  for (let tsih = 1; tsih <= 3; tsih += 1) {
    service.gateway.script.push({ kind: "refuse", code: "SESSION_NOT_FOUND" });
    await service.ask("DELETE", `/v1/iscsi/sessions/${tsih}`);
  }
  service.gateway.script.push({ kind: "refuse", code: "ACCESS_IN_FILE" });
  await service.ask("PUT", `/v1/iscsi/targets/${targetName}/access`, {
    credentials: [{ chapName: "alice", secret: "the-secret-of-alice" }],
  });
});
afterAll(() => service[Symbol.asyncDispose]());

const audit = async (query = "") => (await service.ask<Page>("GET", `/v1/audit${query}`)).body;

test("changes → newest first, with what was asked and what came of it, no secret", async () => {
  const { audit: entries, marker } = await audit();
  expect(entries.map(({ subject }) => subject)).toEqual([targetName, "3", "2", "1"]);
  expect(marker).toBeNull();
  expect(entries[0]).toMatchObject({
    action: "iscsi.access.set",
    principal: "admin",
    outcome: "ACCESS_IN_FILE",
    details: { chapNames: "alice", severalInitiators: false },
  });
  expect(JSON.stringify(entries)).not.toContain("the-secret");
});

test("two entries a page → the marker leads on to the end", async () => {
  const first = await audit("?limit=2&action=iscsi.session.end");
  expect(first.audit.map(({ subject }) => subject)).toEqual(["3", "2"]);
  const second = await audit(`?limit=2&action=iscsi.session.end&marker=${first.marker}`);
  expect(second.audit.map(({ subject }) => subject)).toEqual(["1"]);
  expect(second.marker).toBeNull();
});

test("by subject → its entries alone; a marker that is none, a filter that there is not → 400 with the field", async () => {
  expect((await audit("?subject=2")).audit.map(({ subject }) => subject)).toEqual(["2"]);
  for (const [query, field] of [
    ["?marker=x", "query.marker"],
    ["?who=me", "query.who"],
    ["?limit=0", "query.limit"],
  ]) {
    const { status, body } = await service.ask<ErrorBody>("GET", `/v1/audit${query}`);
    expect([status, body.field]).toEqual([400, field]);
  }
});
