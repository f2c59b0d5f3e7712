import type { WrappedKey } from "@reelhouse/contracts";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { startCloud } from "../testing-vault.ts";
import type { TestingCloud } from "../testing-vault.ts";
import { withDataKey } from "./key-service.ts";

const CONTEXT = { "reelhouse:barcode": "RHS001L8" };

let cloud: TestingCloud;
beforeAll(async () => {
  cloud = await startCloud();
});
afterEach(() => cloud.emulator.faults.clear());
afterAll(() => cloud[Symbol.asyncDispose]());

const stopKms = () => cloud.emulator.faults.set({ kind: "slow-down", service: "kms" });

it("a new data key → wrapped under its context, unwrapped to 32 bytes, the same each time", async () => {
  const keys = cloud.keys();
  const wrapped = await keys.createDataKey(CONTEXT);
  expect(wrapped.context).toEqual(CONTEXT);
  expect(wrapped.kmsKeyId).toContain(cloud.keyId);
  const key = await keys.unwrap(wrapped);
  expect(key).toHaveLength(32);
  expect(await cloud.keys().unwrap(wrapped)).toEqual(key);
  expect(wrapped.ciphertext).not.toContain(key.toString("base64"));
});

it("unwrapped before, within the time → without KMS; after it → KMS is asked", async () => {
  const clock = { nowMs: 0 };
  const keys = cloud.keys({ cacheTtlMs: 1000, now: () => clock.nowMs, attemptsMax: 1 });
  const wrapped = await keys.createDataKey(CONTEXT);
  const key = await keys.unwrap(wrapped);
  stopKms();
  clock.nowMs = 999;
  expect(await keys.unwrap(wrapped)).toEqual(key);
  clock.nowMs = 1000;
  await expect(keys.unwrap(wrapped)).rejects.toMatchObject({ code: "KEY_UNAVAILABLE" });
});

it("in the cache, but asked for with another context → KMS is asked, and refuses", async () => {
  const keys = cloud.keys();
  const wrapped = await keys.createDataKey(CONTEXT);
  await keys.unwrap(wrapped);
  const relabelled: WrappedKey = { ...wrapped, context: { "reelhouse:barcode": "RHS002L8" } };
  await expect(keys.unwrap(relabelled)).rejects.toMatchObject({ code: "KEY_CONTEXT_MISMATCH" });
});

it("closed → no plain key is left", async () => {
  const keys = cloud.keys({ attemptsMax: 1 });
  const wrapped = await keys.createDataKey(CONTEXT);
  await keys.unwrap(wrapped);
  keys.close();
  stopKms();
  await expect(keys.unwrap(wrapped)).rejects.toMatchObject({ code: "KEY_UNAVAILABLE" });
});

it("withDataKey → the key is zeroed afterwards, also when its use fails", async () => {
  const keys = cloud.keys();
  const wrapped = await keys.createDataKey(CONTEXT);
  const seen: Buffer[] = [];
  const use = withDataKey(keys, wrapped, async (dataKey) => {
    seen.push(dataKey);
    expect(dataKey.some((byte) => byte !== 0)).toBe(true);
    throw new Error("fails");
  });
  await expect(use).rejects.toThrow("fails");
  expect(seen).toEqual([Buffer.alloc(32)]);
});
