/** CDBs, parameter lists and REST requests that break the rules: what each gets, and that all else goes on. */
import type { Changer, Tape } from "@reelhouse/testing";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Product, startProduct } from "./product.ts";
import { noise } from "./random.ts";
import { insert } from "./tapes.ts";

const MIB = 1024 * 1024;
const CHECK_CONDITION = 0x02;
const ILLEGAL_REQUEST = 0x05;

let product: Product;
let changer: Changer;
let drive: Tape;
let gatewayPid: number | undefined;

const expectSameGateway = () => {
  expect(product.reelhouse.services().gateway).toBe(gatewayPid);
};

beforeAll(async () => {
  product = await startProduct();
  changer = await product.changer();
  drive = await product.drive();
  await insert(changer, drive, "RHS001L8");
  await drive.write(noise("before", 1000));
  gatewayPid = product.reelhouse.services().gateway;
});
beforeEach(() => product.showOnFailure());
afterEach(expectSameGateway);
afterAll(() => product.close());

const illegal = (asc: number, ascq = 0) => ({
  status: CHECK_CONDITION,
  sense: {
    senseKey: ILLEGAL_REQUEST,
    additionalSenseCode: asc,
    additionalSenseCodeQualifier: ascq,
  },
});

test("a reserved bit in a CDB → INVALID FIELD IN CDB, with a pointer to its byte", async () => {
  const result = await drive.raw([0x01, 0x10, 0, 0, 0, 0]);
  expect(result).toMatchObject(illegal(0x24));
  // SKSV and C/D, then the byte (SPC-5 4.4.2.4).
  expect((result.senseBytes[15] ?? 0) & 0xc0).toBe(0xc0);
  expect(result.senseBytes.readUInt16BE(16)).toBe(1);
});

test.each([
  {
    what: "an operation code that drives do not have",
    cdb: [0xa5, ...Array<number>(11).fill(0)],
    asc: 0x20,
  },
  {
    what: "a fixed transfer of more blocks than fit",
    cdb: [0x0a, 1, 0xff, 0xff, 0xff, 0],
    asc: 0x24,
  },
])("$what → ILLEGAL REQUEST $asc", async ({ cdb, asc }) => {
  expect(await drive.raw(cdb)).toMatchObject(illegal(asc));
});

test("a parameter list cut in its block descriptor → PARAMETER LIST LENGTH ERROR, and nothing changed", async () => {
  const list = Uint8Array.of(0, 0, 0x10, 8, 0, 0);
  const result = await drive.raw([0x15, 0x10, 0, 0, list.length, 0], { dataOut: list });
  expect(result).toMatchObject(illegal(0x1a));
  await drive.write(noise("variable still", 999));
});

test("a block over the limit → INVALID FIELD IN CDB, not a byte of it written, and the next one is", async () => {
  const { objectNumber } = await drive.readPosition();
  const length = 9 * MIB;
  const cdb = [0x0a, 0, length >> 16, (length >> 8) & 0xff, length & 0xff, 0];
  expect(await drive.raw(cdb, { dataOut: Buffer.alloc(length, 1) })).toMatchObject(illegal(0x24));
  expect(await drive.readPosition()).toMatchObject({ objectNumber });
  await drive.write(noise("after", MIB));
  expect(await drive.readPosition()).toMatchObject({ objectNumber: objectNumber + 1 });
});

test("moves that cannot be → the changer's own codes, and every cartridge where it was", async () => {
  const before = await changer.elements();
  const [empty, other] = await changer.ofType("storage", false);
  const [full] = await changer.ofType("storage", true);
  const from = full?.address ?? 0;
  await expect(changer.move(empty?.address ?? 0, other?.address ?? 0)).rejects.toMatchObject({
    result: illegal(0x3b, 0x0e),
  });
  await expect(changer.move(from, 10_000)).rejects.toMatchObject({ result: illegal(0x3b, 0x0d) });
  await expect(changer.move(from, 54_321)).rejects.toMatchObject({ result: illegal(0x21, 0x01) });
  expect(await changer.elements()).toEqual(before);
});

test("REST with a wrong token → 401, typed", async () => {
  const headers = { authorization: "Bearer of bad news" };
  const answer = await fetch(`${product.reelhouse.apiUrl}/v1/tapes`, { headers });
  expect(answer.status).toBe(401);
  expect(await answer.json()).toMatchObject({ code: "UNAUTHENTICATED", retryable: false });
});

test.each([
  { method: "GET", path: "/v1/tapes/NOSUCHL8", status: 404, error: { code: "TAPE_NOT_FOUND" } },
  {
    method: "POST",
    path: "/v1/tapes",
    body: { barcode: "ACC001L8", sizeBytes: 5 },
    status: 400,
    error: { code: "INVALID_REQUEST", field: "body.sizeBytes" },
  },
  { method: "DELETE", path: "/v1/tapes/RHS001L8", status: 409, error: { code: "TAPE_IN_DRIVE" } },
])("$method $path → $status, typed", async ({ method, path, body, status, error }) => {
  const answer = await product.reelhouse.api.request(method, path, body);
  expect(answer.status).toBe(status);
  expect(answer.body).toMatchObject({
    ...error,
    message: expect.any(String),
    requestId: expect.any(String),
  });
});
