/** The door: who may pass, what the API says of itself, and what the operators' routes show. */
import type { ErrorBody } from "@reelhouse/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deliveryOf, volumeState } from "./testing-catalogue.ts";
import { serviceToken } from "./testing-gateway.ts";
import { adminToken, startTestService, type TestService } from "./testing-service.ts";
import { useTestPostgres } from "./testing-postgres.ts";

const databaseUrl = useTestPostgres();

let service: TestService;
beforeAll(async () => {
  service = await startTestService(databaseUrl());
});
afterAll(() => service[Symbol.asyncDispose]());

const guarded = [
  ["GET", "/v1/library", "admin"],
  ["GET", "/v1/tapes", "admin"],
  ["POST", "/v1/tapes", "admin"],
  ["GET", "/v1/tapes/RHS001L8", "admin"],
  ["DELETE", "/v1/tapes/RHS001L8", "admin"],
  ["GET", "/v1/tapes/RHS001L8/segments", "admin"],
  ["GET", "/v1/iscsi/sessions", "admin"],
  ["DELETE", "/v1/iscsi/sessions/1", "admin"],
  ["GET", "/v1/iscsi/discovery/access", "admin"],
  ["PUT", "/v1/iscsi/discovery/access", "admin"],
  ["DELETE", "/v1/iscsi/discovery/access", "admin"],
  ["GET", "/v1/iscsi/targets/iqn.x:y/access", "admin"],
  ["PUT", "/v1/iscsi/targets/iqn.x:y/access", "admin"],
  ["DELETE", "/v1/iscsi/targets/iqn.x:y/access", "admin"],
  ["GET", "/v1/iscsi/targets/iqn.x:y/redirect", "admin"],
  ["PUT", "/v1/iscsi/targets/iqn.x:y/redirect", "admin"],
  ["DELETE", "/v1/iscsi/targets/iqn.x:y/redirect", "admin"],
  ["POST", "/internal/v1/events", "service"],
] as const;

const codeOf = async (
  method: "GET" | "POST" | "PUT" | "DELETE",
  url: string,
  authorization?: string,
): Promise<string> => {
  const headers = authorization === undefined ? {} : { authorization };
  const response = await service.app.inject({ method, url, headers });
  return `${response.statusCode} ${response.json<ErrorBody>().code}`;
};

test.each(guarded)(
  "%s %s without the %s token → 401, with the other one → 403",
  async (method, url, kind) => {
    const other = kind === "admin" ? serviceToken : adminToken;
    expect(await codeOf(method, url)).toBe("401 UNAUTHENTICATED");
    expect(await codeOf(method, url, "Bearer wrong-token-entirely")).toBe("401 UNAUTHENTICATED");
    expect(await codeOf(method, url, `Bearer ${other}`)).toBe("403 FORBIDDEN");
  },
);

test("GET /openapi.json → public, names every /v1 route and no internal one", async () => {
  const response = await service.app.inject({ method: "GET", url: "/openapi.json" });
  const { paths, openapi } = response.json<{ paths: Record<string, object>; openapi: string }>();
  expect([response.statusCode, openapi]).toEqual([200, "3.0.3"]);
  const named = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(named.filter((route) => route.includes("/v1/")).toSorted()).toEqual([
    "DELETE /v1/iscsi/discovery/access",
    "DELETE /v1/iscsi/sessions/{tsih}",
    "DELETE /v1/iscsi/targets/{targetName}/access",
    "DELETE /v1/iscsi/targets/{targetName}/redirect",
    "DELETE /v1/libraries/{library}",
    "DELETE /v1/libraries/{library}/drives/{address}",
    "DELETE /v1/tapes/{barcode}",
    "GET /v1/audit",
    "GET /v1/iscsi/discovery/access",
    "GET /v1/iscsi/initiators",
    "GET /v1/iscsi/refusals",
    "GET /v1/iscsi/sessions",
    "GET /v1/iscsi/sessions/{tsih}",
    "GET /v1/iscsi/targets",
    "GET /v1/iscsi/targets/{targetName}/access",
    "GET /v1/iscsi/targets/{targetName}/redirect",
    "GET /v1/libraries",
    "GET /v1/libraries/{library}",
    "GET /v1/library",
    "GET /v1/tapes",
    "GET /v1/tapes/{barcode}",
    "GET /v1/tapes/{barcode}/segments",
    "PATCH /v1/libraries/{library}",
    "PATCH /v1/libraries/{library}/drives/{address}",
    "POST /v1/libraries",
    "POST /v1/libraries/{library}/drives",
    "POST /v1/tapes",
    "PUT /v1/iscsi/discovery/access",
    "PUT /v1/iscsi/targets/{targetName}/access",
    "PUT /v1/iscsi/targets/{targetName}/redirect",
  ]);
});

test("event of an unknown type → 400, nothing stored: a newer gateway waits for a newer inventory", async () => {
  const delivery = deliveryOf([{ type: "volume.created", ...volumeState("XXX001L8") }]);
  const unknown = { ...delivery.events[0], body: { type: "volume.sang" } };
  const response = await service.app.inject({
    method: "POST",
    url: "/internal/v1/events",
    headers: { authorization: `Bearer ${serviceToken}` },
    payload: { ...delivery, events: [...delivery.events, unknown] },
  });
  expect(response.statusCode).toBe(400);
  expect(response.json<ErrorBody>().field).toMatch(/^body\.events\.1\.body/);
  expect(await service.catalogue.database.tape.count()).toBe(0);
});

test("events delivered with a gap → metrics and log tell", async () => {
  const response = await service.app.inject({
    method: "POST",
    url: "/internal/v1/events",
    headers: { authorization: `Bearer ${serviceToken}` },
    payload: deliveryOf([{ type: "volume.created", ...volumeState("XXX001L8") }], { first: 77 }),
  });
  expect(response.json()).toEqual({ acceptedThrough: 1 });
  expect(service.log.join("")).toContain("events-missing");
  const metrics = await service.app.inject({ method: "GET", url: "/metrics" });
  expect(metrics.body).toMatch(/reelhouse_events_applied_total\{.*type="library\.described".*\} 1/);
  expect(metrics.body).toMatch(/reelhouse_events_left_total\{.*\} 1/);
});
