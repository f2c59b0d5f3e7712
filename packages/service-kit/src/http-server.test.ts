/** The HTTP server: errors by the table, tokens, request ids, the routes for operators. */
import { createServer } from "node:net";
import { errorBody } from "@reelhouse/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { createHealth } from "./health.ts";
import { createHttpServer, type HttpServer } from "./http-server.ts";
import { listen } from "./listen.ts";
import { createLogger } from "./logger.ts";
import { createMetrics } from "./metrics.ts";
import { ServiceError } from "./service-error.ts";

const lines: string[] = [];
const health = createHealth({ timeoutMs: 30 });
let server: HttpServer;

beforeAll(async () => {
  server = await createHttpServer({
    logger: createLogger("test", "info", { write: (line) => void lines.push(line) }),
    metrics: createMetrics("test"),
    health,
    tokens: { admin: "admin-token", service: "service-token" },
    bodyBytesMax: 1000,
  });
  const { app, bearer } = server;
  const body = z.strictObject({
    size: z.int().min(1),
    pool: z.object({ name: z.string() }).optional(),
  });
  app.post("/things", { onRequest: bearer("admin"), schema: { body } }, async (request) => ({
    size: request.body.size,
  }));
  app.get("/gone", async () => {
    throw new ServiceError("TAPE_NOT_FOUND", { field: "path.barcode", detail: "AB1234." });
  });
  app.get("/broken", async () => {
    throw new Error("password is hunter2");
  });
  app.get("/shape", { schema: { response: { 200: z.object({ a: z.string() }) } } }, async () =>
    JSON.parse('{"a":1}'),
  );
});
afterAll(() => server.app.close());

const post = (payload: unknown, authorization = "Bearer admin-token") =>
  server.app.inject({
    method: "POST",
    url: "/things",
    headers: { authorization, "content-type": "application/json" },
    payload: typeof payload === "string" ? payload : JSON.stringify(payload),
  });

describe("errors", () => {
  test.each([
    [{ size: 0 }, "body.size"],
    [{}, "body.size"],
    [{ size: 1, pool: { name: 3 } }, "body.pool.name"],
    [{ size: 1, sise: 1 }, "body.sise"],
    ["{", "body"],
    [`{"size":1,"x":"${"x".repeat(2000)}"}`, "body"],
  ])("body %j → INVALID_REQUEST naming %s", async (payload, field) => {
    const answer = await post(payload);
    expect(answer.statusCode).toBe(400);
    const body = errorBody.parse(answer.json());
    expect(body).toMatchObject({ code: "INVALID_REQUEST", field, retryable: false });
    expect(answer.headers["x-request-id"]).toBe(body.requestId);
  });

  test("a ServiceError → its row, field and detail", async () => {
    const answer = await server.app.inject("/gone");
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ code: "TAPE_NOT_FOUND", field: "path.barcode" });
    expect(answer.json().message).toContain("AB1234");
  });

  test("an error of ours → INTERNAL, told to the log and not to the client", async () => {
    const answer = await server.app.inject({ url: "/broken", headers: { "x-request-id": "me-1" } });
    expect(answer.statusCode).toBe(500);
    expect(errorBody.parse(answer.json()).requestId).toBe("me-1");
    expect(answer.body).not.toContain("hunter2");
    expect(lines.find((line) => line.includes("hunter2"))).toContain("me-1");
  });

  test("an answer that does not fit its schema → INTERNAL", async () => {
    expect((await server.app.inject("/shape")).json()).toMatchObject({ code: "INTERNAL" });
  });

  test("no such route → NOT_FOUND as a typed body", async () => {
    expect(errorBody.parse((await server.app.inject("/nope?x=1")).json()).code).toBe("NOT_FOUND");
  });

  test("a request id that could forge a log → replaced", async () => {
    const answer = await server.app.inject({ url: "/gone", headers: { "x-request-id": "a b" } });
    expect(answer.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe("tokens", () => {
  test.each([
    ["", 401],
    ["Basic admin-token", 401],
    ["Bearer ", 401],
    ["Bearer admin-token2", 401],
    ["Bearer service-token", 403],
    ["bearer admin-token", 200],
  ])("authorization %j → %d", async (authorization, status) => {
    const answer = await post({ size: 1 }, authorization);
    expect(answer.statusCode).toBe(status);
    expect(answer.headers["www-authenticate"]).toBe(status === 401 ? "Bearer" : undefined);
  });

  test("no token and a bad body → 401, the body unread", async () => {
    expect((await post("{", "")).statusCode).toBe(401);
  });
});

describe("operators' routes", () => {
  test("alive → 200; metrics → text with the service's label and our requests", async () => {
    expect((await server.app.inject("/healthz")).json()).toEqual({ status: "ok" });
    const { body, headers } = await server.app.inject("/metrics");
    expect(headers["content-type"]).toContain("text/plain");
    expect(body).toContain('process_cpu_seconds_total{service="test"}');
    expect(body).toMatch(/reelhouse_http_request_seconds_count\{.*route="\/gone".*\}/);
  });

  test("checks → ready only while all pass in time, never while draining", async () => {
    let fail = false;
    health.add("database", () => {
      if (fail) throw new Error("refused");
    });
    expect((await server.app.inject("/readyz")).statusCode).toBe(200);
    fail = true;
    const refused = await server.app.inject("/readyz");
    expect(refused.statusCode).toBe(503);
    expect(refused.json().checks[0]).toMatchObject({
      name: "database",
      ok: false,
      error: "refused",
    });
    health.add("database", () => new Promise(() => undefined));
    expect((await server.app.inject("/readyz")).body).toContain("no answer within 30 ms");
    health.drain();
    expect((await server.app.inject("/readyz")).body).toContain("draining");
  });
});

test("a port in use → a fault with port, setting and remedy; port 0 → the real port", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const taken = other.address();
  const port = typeof taken === "object" && taken !== null ? taken.port : 0;
  const address = { host: "127.0.0.1", port };
  await expect(listen(server.app, address, "REELHOUSE_API_LISTEN")).rejects.toThrow(
    `cannot listen on 127.0.0.1:${port}: another program`,
  );
  other.close();
});
