/** Tapes over REST, with a real Postgres and a gateway that answers as scripted. */
import type { ErrorBody, Tape } from "@reelhouse/contracts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { creationLeaseMs } from "../tape-creation.ts";
import {
  cartridgeMoved,
  clear,
  drive,
  libraryDescribed,
  slot,
  volumeState,
} from "../testing-catalogue.ts";
import { serviceToken } from "../testing-gateway.ts";
import { startTestService, type TestService } from "../testing-service.ts";
import { createTestDatabase, useTestPostgres } from "../testing-postgres.ts";

const databaseUrl = useTestPostgres();

let service: TestService;
beforeAll(async () => {
  service = await startTestService(databaseUrl());
});
afterAll(() => service[Symbol.asyncDispose]());
beforeEach(async () => {
  const { database } = service.catalogue;
  await database.tape.deleteMany();
  await database.element.deleteMany();
  await database.audit.deleteMany();
  service.gateway.volumes.clear();
  service.gateway.script.length = 0;
});

const GIB = 1024 ** 3;
const wanted = { barcode: "NEW001L8", sizeBytes: 5 * GIB };
const create = (body: object = wanted) => service.ask<Tape & ErrorBody>("POST", "/v1/tapes", body);
const get = (barcode = wanted.barcode) =>
  service.ask<Tape & ErrorBody>("GET", `/v1/tapes/${barcode}`);
const remove = (barcode = wanted.barcode) =>
  service.ask<ErrorBody>("DELETE", `/v1/tapes/${barcode}`);
const audit = async () => {
  const rows = await service.catalogue.database.audit.findMany({ orderBy: { id: "asc" } });
  return rows.map(({ action, subject, outcome }) => `${action} ${subject} ${outcome}`);
};

test("create → 201 with the tape AVAILABLE, made by the gateway and audited", async () => {
  const made = await create();
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    ...wanted,
    status: "AVAILABLE",
    gateway: "gw1",
    library: "gw1",
    element: slot(0),
  });
  expect(made.headers["location"]).toBe("/v1/tapes/NEW001L8");
  expect(service.gateway.seen.at(-1)).toBe(`Bearer ${serviceToken}`);
  expect((await get()).body).toEqual(made.body);
  expect(await audit()).toEqual(["tape.create NEW001L8 OK"]);
});

test("create, and the gateway's event is late → 201 with the tape CREATING, AVAILABLE by the event", async () => {
  const { onEvents } = service.gateway;
  const late: (() => void)[] = [];
  service.gateway.onEvents = (...bodies) => {
    late.push(() => onEvents(...bodies));
  };
  const made = await create();
  service.gateway.onEvents = onEvents;
  expect(made.status).toBe(201);
  expect(made.body.status).toBe("CREATING");
  for (const deliver of late) deliver();
  await expect.poll(async () => (await get()).body.status, { timeout: 10_000 }).toBe("AVAILABLE");
});

test.each([
  [{ ...wanted, barcode: "new-1" }, "body.barcode"],
  [{ ...wanted, barcode: "A".repeat(17) }, "body.barcode"],
  [{ ...wanted, sizeBytes: 1 }, "body.sizeBytes"],
  [{ ...wanted, sizeBytes: 16 * 1024 * GIB }, "body.sizeBytes"],
  [{ ...wanted, sizeBytes: "5" }, "body.sizeBytes"],
  [{ ...wanted, colour: "red" }, "body.colour"],
  [{ barcode: "NEWTAPE1" }, "body.sizeBytes"],
  [{ barcode: "NEW0001L8" }, "body.sizeBytes"],
])("create with %j → 400 INVALID_REQUEST naming %s", async (body, field) => {
  const answer = await create(body);
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ code: "INVALID_REQUEST", field });
  expect(await service.catalogue.database.tape.count()).toBe(0);
});

test.each([
  ["NEW001L5", 1_500_000_000_000],
  ["NEW001L8", 12_000_000_000_000],
  ["NEW001M8", 9_000_000_000_000],
  ["NEW001LY", 12_000_000_000_000],
  // Of these a tape has room for less than a cartridge.
  ["NEW001LA", 15 * 1024 * GIB],
  ["CLN001L8", 1024 ** 2],
])("create %s without a size → %i bytes, as its label's format has", async (barcode, sizeBytes) => {
  const answer = await service.ask<Tape>("POST", "/v1/tapes", { barcode });
  expect([answer.status, answer.body.sizeBytes]).toEqual([201, sizeBytes]);
});

test("create without a size, of a barcode that names no format → 400 that says what to do", async () => {
  const { body } = await service.ask<ErrorBody>("POST", "/v1/tapes", { barcode: "NEWTAPE1" });
  expect(body.message).toMatch(/names no LTO format.*give its size/);
});

test("create a barcode that exists → 409 TAPE_EXISTS, the gateway is not asked", async () => {
  await create();
  const asked = service.gateway.seen.length;
  const again = await create();
  expect([again.status, again.body.code]).toEqual([409, "TAPE_EXISTS"]);
  expect(service.gateway.seen).toHaveLength(asked);
  expect(await audit()).toEqual(["tape.create NEW001L8 OK", "tape.create NEW001L8 TAPE_EXISTS"]);
});

test("create a barcode five times at once → one is made, four get TAPE_EXISTS", async () => {
  const answers = await Promise.all(Array.from({ length: 5 }, () => create()));
  const codes = answers.map((answer) => answer.body.code ?? "made");
  expect(codes.toSorted()).toEqual([
    "TAPE_EXISTS",
    "TAPE_EXISTS",
    "TAPE_EXISTS",
    "TAPE_EXISTS",
    "made",
  ]);
});

test("gateway has no free element → LIBRARY_FULL, and the barcode is free again", async () => {
  service.gateway.script.push({ kind: "refuse", code: "LIBRARY_FULL" });
  const full = await create();
  expect([full.status, full.body.code]).toEqual([409, "LIBRARY_FULL"]);
  expect((await create()).status).toBe(201);
});

test("gateway's door is shut to us → GATEWAY_UNAVAILABLE, and the barcode is free again", async () => {
  service.gateway.script.push({ kind: "refuse", code: "UNAUTHENTICATED" });
  const answer = await create();
  expect([answer.status, answer.body.code]).toEqual([503, "GATEWAY_UNAVAILABLE"]);
  expect((await get()).body.code).toBe("TAPE_NOT_FOUND");
});

test("gateway does not run → GATEWAY_UNAVAILABLE; nothing created, nothing deleted", async () => {
  await using other = await startTestService(await createTestDatabase(databaseUrl()));
  await other.deliver({ type: "volume.created", ...volumeState("OLD001L8") });
  await other.gateway.close();
  const made = await other.ask<ErrorBody>("POST", "/v1/tapes", wanted);
  expect([made.status, made.body.code]).toEqual([503, "GATEWAY_UNAVAILABLE"]);
  const deleted = await other.ask<ErrorBody>("DELETE", "/v1/tapes/OLD001L8");
  expect([deleted.status, deleted.body.code]).toEqual([503, "GATEWAY_UNAVAILABLE"]);
  const { body } = await other.ask<{ tapes: Tape[] }>("GET", "/v1/tapes");
  expect(body.tapes.map((tape) => `${tape.barcode} ${tape.status}`)).toEqual([
    "OLD001L8 AVAILABLE",
  ]);
});

test("answer lost after the gateway made it → 503, then the event makes it AVAILABLE", async () => {
  service.gateway.script.push({ kind: "do, then cut the connection" });
  const answer = await create();
  expect([answer.status, answer.body.code]).toEqual([503, "GATEWAY_UNAVAILABLE"]);
  expect(answer.body.message).toMatch(/may have been created/);
  await expect.poll(async () => (await get()).body.status, { timeout: 10_000 }).toBe("AVAILABLE");
});

test("request lost → the row stays CREATING; at once TAPE_EXISTS, after the lease the same request makes it", async () => {
  service.gateway.script.push({ kind: "cut the connection" });
  expect((await create()).status).toBe(503);
  expect((await get()).body.status).toBe("CREATING");
  expect((await create()).body.code).toBe("TAPE_EXISTS");
  await service.catalogue.database.tape.updateMany({
    data: { updatedAt: new Date(Date.now() - creationLeaseMs - 1000) },
  });
  const made = await create();
  expect([made.status, made.body.status]).toEqual([201, "AVAILABLE"]);
});

test("delete → 204, GET shows DELETED, the list does not, and the barcode is not used again", async () => {
  await create();
  expect((await remove()).status).toBe(204);
  expect((await get()).body).toMatchObject({ status: "DELETED", element: null });
  expect((await service.ask<{ tapes: Tape[] }>("GET", "/v1/tapes")).body.tapes).toEqual([]);
  const deleted = await service.ask<{ tapes: Tape[] }>("GET", "/v1/tapes?status=DELETED");
  expect(deleted.body.tapes).toHaveLength(1);
  expect((await create()).body.code).toBe("TAPE_EXISTS");
  const again = await remove();
  expect([again.status, again.body.code]).toEqual([404, "TAPE_NOT_FOUND"]);
  expect(await audit()).toContain("tape.delete NEW001L8 OK");
});

test("delete in a drive → 409 TAPE_IN_DRIVE, the tape as before", async () => {
  await create();
  await service.deliver(cartridgeMoved(wanted.barcode, drive));
  service.gateway.script.push({ kind: "refuse", code: "TAPE_IN_DRIVE" });
  const answer = await remove();
  expect([answer.status, answer.body.code]).toEqual([409, "TAPE_IN_DRIVE"]);
  expect((await get()).body).toMatchObject({ status: "AVAILABLE", element: drive });
});

test("delete, answer lost → DELETING and 503; the same request again → 204", async () => {
  await create();
  service.gateway.script.push({ kind: "cut the connection" });
  expect((await remove()).status).toBe(503);
  expect((await get()).body.status).toBe("DELETING");
  expect((await remove()).status).toBe(204);
  expect((await get()).body.status).toBe("DELETED");
});

test("delete what the gateway does not have any more → 204 and DELETED", async () => {
  await create();
  service.gateway.volumes.clear();
  expect((await remove()).status).toBe(204);
  expect((await get()).body.status).toBe("DELETED");
});

test("GET of an unknown barcode → 404 TAPE_NOT_FOUND; of a malformed one → 400 naming it", async () => {
  expect((await get("NONE01L8")).body).toMatchObject({ code: "TAPE_NOT_FOUND", retryable: false });
  expect((await get("x")).body).toMatchObject({ code: "INVALID_REQUEST", field: "path.barcode" });
});

test("one barcode in two libraries → GET wants the library named", async () => {
  const state = volumeState("TWO001L8");
  await service.deliver(
    { type: "volume.created", ...state },
    { type: "volume.created", ...state, library: "gw2" },
  );
  expect((await get("TWO001L8")).body).toMatchObject({
    code: "INVALID_REQUEST",
    field: "query.library",
  });
  expect((await get("TWO001L8?library=gw2")).body.library).toBe("gw2");
});

test("pages of 2 over 5 tapes → all once, in order; filters by prefix and status hold", async () => {
  const barcodes = ["AAA001L8", "AAA002L8", "AAA003L8", "BBB001L8", "BBB002L8"];
  await service.deliver(
    ...barcodes.map((tag) => ({ type: "volume.created" as const, ...volumeState(tag) })),
  );
  const list = async (query: string) => {
    const seen: string[] = [];
    let marker: string | null = "";
    while (marker !== null) {
      const from: string = marker === "" ? "" : `&marker=${marker}`;
      const page: { body: { tapes: Tape[]; marker: string | null } } = await service.ask(
        "GET",
        `/v1/tapes?limit=2${query}${from}`,
      );
      seen.push(...page.body.tapes.map((tape) => tape.barcode));
      marker = page.body.marker;
    }
    return seen;
  };
  expect(await list("")).toEqual(barcodes);
  expect(await list("&prefix=AAA")).toEqual(barcodes.slice(0, 3));
  expect(await list("&prefix=BBB&status=AVAILABLE")).toEqual(barcodes.slice(3));
  expect(await list("&status=CREATING")).toEqual([]);
});

test.each([
  ["limit=0", "query.limit"],
  ["limit=1001", "query.limit"],
  ["status=GONE", "query.status"],
  ["prefix=a%25", "query.prefix"],
  ["marker=nonsense", "query.marker"],
  ["colour=red", "query.colour"],
])("list with %s → 400 naming %s", async (query, field) => {
  const answer = await service.ask<ErrorBody>("GET", `/v1/tapes?${query}`);
  expect([answer.status, answer.body.field]).toEqual([400, field]);
});

test("no library described yet → create gives GATEWAY_UNAVAILABLE, GET /v1/library 404", async () => {
  await using other = await startTestService(await createTestDatabase(databaseUrl()));
  await clear(other.catalogue.database);
  const answer = await other.ask<ErrorBody>("POST", "/v1/tapes", wanted);
  expect([answer.status, answer.body.code]).toEqual([503, "GATEWAY_UNAVAILABLE"]);
  expect((await other.ask("GET", "/v1/library")).status).toBe(404);
});

test("library described and a cartridge moved → GET /v1/library shows every element", async () => {
  await service.deliver(
    libraryDescribed([{ barcode: "RHS001L8", slot: 0 }]),
    cartridgeMoved("RHS001L8", drive),
  );
  const { body } = await service.ask<{ drives: unknown[]; elements: unknown[] }>(
    "GET",
    "/v1/library",
  );
  expect(body.drives).toMatchObject([
    { address: 10_000, product: "ULT3580-TD8", barcode: "RHS001L8" },
  ]);
  expect(body.elements).toEqual([
    { address: 0, type: "transport", barcode: null },
    { address: 10_000, type: "dataTransfer", barcode: "RHS001L8" },
    { address: 20_000, type: "storage", barcode: null },
    { address: 20_001, type: "storage", barcode: null },
    { address: 20_002, type: "storage", barcode: null },
    { address: 30_000, type: "importExport", barcode: null },
  ]);
});
