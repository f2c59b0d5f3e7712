/** Libraries and drives over REST, with a real Postgres and a gateway that answers as scripted. */
import type { ErrorBody, EventBody, LibraryOutline, LibrarySummary } from "@reelhouse/contracts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Script } from "../testing-gateway.ts";
import { libraryDescribed, volumeState } from "../testing-catalogue.ts";
import { startTestService, type TestService } from "../testing-service.ts";
import { useTestPostgres } from "../testing-postgres.ts";

const databaseUrl = useTestPostgres();

let service: TestService;
beforeAll(async () => {
  service = await startTestService(databaseUrl());
});
afterAll(() => service[Symbol.asyncDispose]());
beforeEach(async () => {
  const { database } = service.catalogue;
  await database.audit.deleteMany();
  await database.tape.deleteMany();
  service.gateway.script.length = 0;
  await service.deliver(libraryDescribed(), { type: "libraries.listed", libraries: ["gw1"] });
});

const described = libraryDescribed();
if (described.type !== "library.described") throw new Error("of another type");
const { type: _type, occupied: _occupied, ...gw1 } = described;
const vault: LibraryOutline = {
  ...gw1,
  library: "vault",
  drives: gw1.drives.map((drive) => ({ ...drive, serialNumber: "VDRIVE01" })),
};
const vaultDescribed: EventBody = { ...described, ...vault };
const wanted = { name: "vault", drives: 1, storageSlots: 3, importExportSlots: 1 };
const answer = (status: number, body: unknown): Script => ({
  kind: "answer",
  status,
  body: JSON.stringify(body),
});
const refusal = (code: string, field: string): Script =>
  answer(409, { code, message: "No.", field, retryable: false, requestId: "r1" });
const audit = async () => {
  const rows = await service.catalogue.database.audit.findMany({ orderBy: { id: "asc" } });
  return rows.map(({ action, subject, outcome }) => `${action} ${subject} ${outcome}`);
};
const names = async () =>
  (await service.ask<{ libraries: LibrarySummary[] }>("GET", "/v1/libraries")).body.libraries.map(
    ({ gateway, library }) => `${gateway} ${library}`,
  );
const status = (code: string, field: string) => ({ body: { code, field } });

test("a library made → 201 as the gateway says it, listed, shown with its elements, audited", async () => {
  service.gateway.script.push(answer(201, vault));
  const asked = service.ask("POST", "/v1/libraries", wanted);
  await service.deliver(vaultDescribed);
  expect(await asked).toMatchObject({ status: 201, body: vault });
  expect(await names()).toEqual(["gw1 gw1", "gw1 vault"]);
  const shown = await service.ask<{ elements: unknown[] }>("GET", "/v1/libraries/vault");
  expect([shown.status, shown.body.elements.length]).toEqual([200, 6]);
  expect(await audit()).toEqual(["library.create vault OK"]);
});

test("a second library → GET /v1/library is the first's as before, tapes go where they are told", async () => {
  await service.deliver(vaultDescribed);
  expect(await service.ask("GET", "/v1/library")).toMatchObject({ body: { library: "gw1" } });
  const tape = { barcode: "VLT001L8", sizeBytes: 1024 ** 3 };
  service.gateway.script.push(answer(201, { barcode: tape.barcode, elementAddress: 20_000 }));
  const asked = service.ask("POST", "/v1/tapes", { ...tape, library: "vault" });
  await service.deliver({
    type: "volume.created",
    ...volumeState(tape.barcode, { library: "vault" }),
  });
  expect(await asked).toMatchObject({ status: 201, body: { library: "vault" } });
  const none = await service.ask<ErrorBody>("POST", "/v1/tapes", {
    barcode: "VLT002L8",
    sizeBytes: tape.sizeBytes,
    library: "none",
  });
  expect(none).toMatchObject({ status: 404, ...status("LIBRARY_NOT_FOUND", "body.library") });
});

test("a library removed → gone from the list by the gateway's event, with its drives and elements", async () => {
  await service.deliver(vaultDescribed);
  service.gateway.script.push({ kind: "answer", status: 204, body: "" });
  const asked = service.ask("DELETE", "/v1/libraries/vault?force=true");
  await service.deliver({ type: "libraries.listed", libraries: ["gw1"] });
  expect((await asked).status).toBe(204);
  expect(await names()).toEqual(["gw1 gw1"]);
  const where = { library: "vault" };
  expect(await service.catalogue.database.drive.count({ where })).toBe(0);
  expect(await service.ask("GET", "/v1/libraries/vault")).toMatchObject({
    status: 404,
    ...status("LIBRARY_NOT_FOUND", "path.library"),
  });
});

test("a drive added, changed and removed → each answered when the catalogue has it, and audited", async () => {
  const drive = { ...gw1.drives[0]!, address: 10_001, serialNumber: "DRIVE02" };
  const renamed = { ...drive, product: "ULT3580-TD9" };
  const withDrives = (...more: (typeof drive)[]): EventBody => ({
    ...described,
    drives: [...gw1.drives, ...more],
  });
  service.gateway.script.push(answer(201, drive), answer(200, renamed), {
    kind: "answer",
    status: 204,
    body: "",
  });
  const url = "/v1/libraries/gw1/drives";
  const added = service.ask("POST", url, { model: "IBM:ULT3580-TD8" });
  await service.deliver(withDrives(drive));
  expect(await added).toMatchObject({ status: 201, body: drive });
  const changed = service.ask("PATCH", `${url}/10001`, { model: "IBM:ULT3580-TD9" });
  await service.deliver(withDrives(renamed));
  expect(await changed).toMatchObject({ status: 200, body: renamed });
  const removed = service.ask("DELETE", `${url}/10001`);
  await service.deliver(withDrives());
  expect((await removed).status).toBe(204);
  expect(await audit()).toEqual([
    "drive.create gw1 OK",
    "drive.change gw1 OK",
    "drive.delete gw1 OK",
  ]);
});

test("what the gateway refuses → its error with its field, audited as such", async () => {
  service.gateway.script.push(
    refusal("DRIVE_OCCUPIED", "path.address"),
    refusal("ELEMENT_OCCUPIED", "body.storageSlots"),
    refusal("LIBRARY_OCCUPIED", "path.library"),
  );
  expect(await service.ask("DELETE", "/v1/libraries/gw1/drives/10000")).toMatchObject(
    status("DRIVE_OCCUPIED", "path.address"),
  );
  expect(await service.ask("PATCH", "/v1/libraries/gw1", { storageSlots: 1 })).toMatchObject(
    status("ELEMENT_OCCUPIED", "body.storageSlots"),
  );
  expect(await service.ask("DELETE", "/v1/libraries/gw1")).toMatchObject(
    status("LIBRARY_OCCUPIED", "path.library"),
  );
  expect(await audit()).toEqual([
    "drive.delete gw1 DRIVE_OCCUPIED",
    "library.change gw1 ELEMENT_OCCUPIED",
    "library.delete gw1 LIBRARY_OCCUPIED",
  ]);
});

test("a name that another gateway's library has → LIBRARY_EXISTS, the gateway is not asked", async () => {
  const asked = service.gateway.seen.length;
  const made = await service.ask("POST", "/v1/libraries", { ...wanted, name: "gw1" });
  expect(made).toMatchObject({ status: 409, ...status("LIBRARY_EXISTS", "body.name") });
  expect(service.gateway.seen).toHaveLength(asked);
});

test.each([
  ["POST", "/v1/libraries", { ...wanted, drives: 65 }, "body.drives"],
  ["POST", "/v1/libraries", { ...wanted, storageSlots: 60_001 }, "body.storageSlots"],
  ["POST", "/v1/libraries", { ...wanted, name: "Vault!" }, "body.name"],
  ["POST", "/v1/libraries", { ...wanted, changerModel: "STK" }, "body.changerModel"],
  ["PATCH", "/v1/libraries/gw1", { drives: 3 }, "body.drives"],
  ["POST", "/v1/libraries/gw1/drives", {}, "body.model"],
  ["PATCH", "/v1/libraries/gw1/drives/x", { model: "A:B" }, "path.address"],
  ["DELETE", "/v1/libraries/gw1/drives/10000?force=1", undefined, "query.force"],
] as const)("%s %s with %j → 400 naming %s", async (method, url, body, field) => {
  const asked = await service.ask<ErrorBody>(method, url, body);
  expect([asked.status, asked.body.field]).toEqual([400, field]);
  expect(await audit()).toEqual([]);
});

test("the connection breaks while a drive is added → GATEWAY_UNAVAILABLE, told to look first", async () => {
  service.gateway.script.push({ kind: "cut the connection" });
  const url = "/v1/libraries/gw1/drives";
  const asked = await service.ask<ErrorBody>("POST", url, { model: "IBM:ULT3580-TD8" });
  expect(asked.body.code).toBe("GATEWAY_UNAVAILABLE");
  expect(asked.body.message).toContain("look before you send it again");
});
