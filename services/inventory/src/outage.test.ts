/** The database away: every request that needs it says so, the process lives on, and all is well when it is back. */
import type { ErrorBody } from "@reelhouse/contracts";
import { createLogger } from "@reelhouse/service-kit";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openCatalogue } from "./catalogue.ts";
import { deliveryOf, volumeState } from "./testing-catalogue.ts";
import { serviceToken } from "./testing-gateway.ts";
import type { TestServer } from "@reelhouse/service-kit/testing";
import { createTestDatabase, startTestPostgres } from "./testing-postgres.ts";
import { startTestService, type TestService } from "./testing-service.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let postgres: TestServer;
let service: TestService;
beforeAll(async () => {
  postgres = await startTestPostgres();
  service = await startTestService(postgres.url);
});
afterAll(async () => {
  await service[Symbol.asyncDispose]();
  await postgres.remove();
});

const statusOf = async (method: "GET" | "POST" | "DELETE", url: string, body?: object) => {
  const answer = await service.ask<ErrorBody>(method, url, body);
  return `${answer.status} ${answer.body?.code ?? "OK"}`;
};
const wanted = { barcode: "NEW001L8", sizeBytes: 1024 ** 3 };
const deliver = () =>
  service.app.inject({
    method: "POST",
    url: "/internal/v1/events",
    headers: { authorization: `Bearer ${serviceToken}` },
    payload: deliveryOf([{ type: "volume.created", ...volumeState("RHS001L8") }], { first: 2 }),
  });
const open = async (path: string) =>
  (await service.app.inject({ method: "GET", url: path })).statusCode;

/** A machine that runs all tests at once is slow. */
const patience = { timeout: 20_000 };

test("database killed → 503 DATABASE_UNAVAILABLE and no deed; back again → all as before", async () => {
  await postgres.stop("SIGQUIT");
  const away = "503 DATABASE_UNAVAILABLE";
  expect(await statusOf("GET", "/v1/tapes")).toBe(away);
  expect(await statusOf("GET", "/v1/library")).toBe(away);
  expect(await statusOf("GET", "/v1/tapes/RHS001L8")).toBe(away);
  expect(await statusOf("DELETE", "/v1/tapes/RHS001L8")).toBe(away);
  expect(await statusOf("POST", "/v1/tapes", wanted)).toBe(away);
  expect((await deliver()).json()).toMatchObject({ code: "DATABASE_UNAVAILABLE", retryable: true });
  expect(service.gateway.seen).toEqual([]);
  expect([await open("/healthz"), await open("/readyz"), await open("/openapi.json")]).toEqual([
    200, 503, 200,
  ]);

  await postgres.start();
  await expect.poll(() => statusOf("GET", "/v1/tapes"), patience).toBe("200 OK");
  expect((await deliver()).json()).toEqual({ acceptedThrough: 2 });
  expect(await statusOf("GET", "/v1/tapes/RHS001L8")).toBe("200 OK");
  expect(await open("/readyz")).toBe(200);
});

test("database killed under eight deliveries at once → no unhandled error, and each event once in the end", async () => {
  const payload = deliveryOf(
    Array.from({ length: 200 }, (_, index) => ({
      type: "volume.changed" as const,
      ...volumeState("RHS002L8", { usedBytes: index }),
    })),
    { first: 3 },
  );
  const send = () =>
    service.app.inject({
      method: "POST",
      url: "/internal/v1/events",
      headers: { authorization: `Bearer ${serviceToken}` },
      payload,
    });
  const sent = Array.from({ length: 8 }, () => send());
  await new Promise((resolve) => setTimeout(resolve, 120));
  await postgres.stop("SIGQUIT");
  const codes = (await Promise.all(sent)).map((response) => response.statusCode);
  expect(codes.filter((code) => code !== 200 && code !== 503)).toEqual([]);
  await postgres.start();
  await expect.poll(async () => (await send()).statusCode, patience).toBe(200);
  const tape = await service.catalogue.database.tape.findFirst({ where: { barcode: "RHS002L8" } });
  expect(tape?.usedBytes).toBe(199n);
});

test("service starts before its database → migrated as soon as that is there", async () => {
  const url = await createTestDatabase(postgres.url);
  await postgres.stop("SIGQUIT");
  const lines: string[] = [];
  const logger = createLogger("inventory", "info", { write: (line) => void lines.push(line) });
  const catalogue = openCatalogue(url, logger);
  await expect.poll(() => lines.join(""), patience).toContain("database-away");
  await expect(catalogue.check()).rejects.toThrow(/not reached yet/);
  expect(catalogue.isMigrated()).toBe(false);
  await postgres.start();
  expect(await catalogue.migrated).toBe(true);
  await catalogue.check();
  await catalogue.close();
});

test("closed while the database is away → ends, and says that it did not migrate", async () => {
  await postgres.stop("SIGQUIT");
  const catalogue = openCatalogue(
    postgres.url.replace("/postgres?", "/none?"),
    createLogger("inventory", "fatal"),
  );
  await catalogue.close();
  expect(await catalogue.migrated).toBe(false);
  await postgres.start();
});
