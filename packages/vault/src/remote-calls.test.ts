/** What whoever counts calls hears of S3 and KMS: operation, outcome, retries, and how far our clock is from theirs. */
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { hash } from "node:crypto";
import type { RemoteCall } from "./remote-calls.ts";
import { startCloud } from "./testing-vault.ts";
import type { TestingCloud } from "./testing-vault.ts";

let cloud: TestingCloud;
let calls: RemoteCall[] = [];
const watch = (call: RemoteCall) => void calls.push(call);
beforeAll(async () => {
  cloud = await startCloud();
});
afterEach(() => {
  calls = [];
  cloud.emulator.faults.clear();
});
afterAll(() => cloud[Symbol.asyncDispose]());

const object = (key: string) => {
  const body = Buffer.from("body");
  const sha256 = hash("sha256", body);
  return { key, body, sha256, crc32c: "f4e78b92", contentType: "text/plain" };
};

it("calls that succeed → one each, with the operation's name and a time", async () => {
  const keys = cloud.keys({ watch });
  const store = cloud.store({ watch });
  await keys.unwrap(await keys.createDataKey({}));
  await store.check();
  await store.list("none")[Symbol.asyncIterator]().next();
  expect(calls.map(({ api, operation, outcome }) => `${api} ${operation} ${outcome}`)).toEqual([
    "kms GenerateDataKeyWithoutPlaintext ok",
    "kms Decrypt ok",
    "s3 HeadBucket ok",
    "s3 ListObjectsV2 ok",
  ]);
  for (const { seconds, retries, clockAheadSeconds } of calls) {
    expect(seconds).toBeGreaterThan(0);
    expect(retries).toBe(0);
    expect(Math.abs(clockAheadSeconds ?? NaN)).toBeLessThan(5);
  }
});

it("a store that is overloaded twice → one call, ok, two retries", async () => {
  cloud.emulator.faults.set({ kind: "slow-down", count: 2 });
  await cloud.store({ watch }).check();
  expect(calls).toMatchObject([{ operation: "HeadBucket", outcome: "ok", retries: 2 }]);
});

it.each([
  ["s3", "outage", "STORE_UNAVAILABLE"],
  ["kms", "slow-down", "KEY_UNAVAILABLE"],
] as const)(
  "%s with %s to the end → one call with the code of the error",
  async (api, kind, outcome) => {
    cloud.emulator.faults.set({ kind });
    const check = api === "s3" ? cloud.store({ watch }).check() : cloud.keys({ watch }).check();
    await expect(check).rejects.toMatchObject({ code: outcome });
    expect(calls).toMatchObject([{ api, outcome, retries: 2 }]);
  },
);

it("what is not there, and a wrong checksum → outcomes by their codes", async () => {
  const store = cloud.store({ watch });
  await expect(store.head("none")).rejects.toMatchObject({ code: "STORE_NOT_FOUND" });
  await expect(store.create(object("bad"))).rejects.toMatchObject({
    code: "STORE_CORRUPTED_TRANSFER",
  });
  expect(calls).toMatchObject([
    { operation: "HeadObject", outcome: "STORE_NOT_FOUND" },
    { operation: "PutObject", outcome: "STORE_CORRUPTED_TRANSFER" },
  ]);
});

it("a call we gave up → CANCELLED, which is nobody's fault", async () => {
  cloud.emulator.faults.set({ kind: "delay", delayMs: 5000 });
  const signal = AbortSignal.timeout(50);
  await expect(cloud.store({ watch }).head("slow", { signal })).rejects.toThrow();
  expect(calls).toMatchObject([{ operation: "HeadObject", outcome: "CANCELLED" }]);
});
