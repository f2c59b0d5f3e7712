/** What the vault does while S3 and KMS misbehave. */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DisableKeyCommand, EnableKeyCommand } from "@aws-sdk/client-kms";
import type { WrappedKey } from "@reelhouse/contracts";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { REF, SECRET, startCloud } from "./testing-vault.ts";
import type { TestingCloud } from "./testing-vault.ts";
import type { Vault } from "./vault.ts";

const PLAINTEXT = randomBytes(3_000_000);

let cloud: TestingCloud;
let vault: Vault;
let wrappedKey: WrappedKey;
let lastNumber = 0;
const nextNumber = () => (lastNumber += 1);

beforeAll(async () => {
  cloud = await startCloud();
  vault = cloud.vault();
  wrappedKey = await vault.createVolumeKey(REF);
});
afterEach(() => cloud.emulator.faults.clear());
afterAll(() => cloud[Symbol.asyncDispose]());

const prepare = () => cloud.job(PLAINTEXT, wrappedKey, { number: nextNumber() });

describe("putSegment", () => {
  it("503 SlowDown, then well again → a receipt", async () => {
    const job = await prepare();
    cloud.emulator.faults.set({ kind: "slow-down", count: 2, operation: "PutObject" });
    expect((await vault.putSegment(job)).segmentSha256).toBe(job.segmentSha256);
  });

  it("cut in the middle of the upload, once → a receipt", async () => {
    const job = await prepare();
    cloud.emulator.faults.set({ kind: "cut-request", count: 1, operation: "PutObject" });
    expect((await vault.putSegment(job)).segmentSha256).toBe(job.segmentSha256);
  });

  it("stored, but the answer lost → the second attempt proves the object and gives its receipt", async () => {
    const job = await prepare();
    cloud.emulator.faults.set({ kind: "cut-response", count: 1, operation: "PutObject" });
    const receipt = await vault.putSegment(job);
    const path = join(cloud.directory, "lost-answer");
    await vault.getSegment({ segment: job.segment, receipt, wrappedKey }, path);
    expect(PLAINTEXT.equals(await readFile(path))).toBe(true);
  });

  it("503 for ever → STORE_UNAVAILABLE, retryable", async () => {
    const job = await prepare();
    cloud.emulator.faults.set({ kind: "slow-down", service: "s3" });
    await expect(vault.putSegment(job)).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
      retryable: true,
    });
  });

  it("no connection → STORE_UNAVAILABLE; KMS alone away → KEY_UNAVAILABLE", async () => {
    const job = await prepare();
    cloud.emulator.faults.set({ kind: "outage", service: "s3" });
    await expect(vault.putSegment(job)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    cloud.emulator.faults.set({ kind: "outage", service: "kms" });
    await expect(cloud.vault().putSegment(job)).rejects.toMatchObject({
      code: "KEY_UNAVAILABLE",
      retryable: true,
    });
  });

  it("KMS away but the key in memory → goes on", async () => {
    const job = await prepare();
    cloud.emulator.faults.set({ kind: "outage", service: "kms" });
    expect((await vault.putSegment(job)).segmentBytes).toBe(PLAINTEXT.length);
  });

  it("a signal that is aborted → rejects", async () => {
    const job = await prepare();
    await expect(vault.putSegment(job, { signal: AbortSignal.abort() })).rejects.toThrow();
  });
});

describe("getSegment", () => {
  it.each([
    ["cut in the middle", "cut-response", "STORE_UNAVAILABLE"],
    ["a bit turned on the way", "corrupt-response", "OBJECT_"],
  ] as const)(
    "%s → an error and no file; then well again → the segment",
    async (_w, kind, code) => {
      const job = await prepare();
      const receipt = await vault.putSegment(job);
      const wanted = { segment: job.segment, receipt, wrappedKey };
      const path = join(cloud.directory, `read-${kind}`);
      cloud.emulator.faults.set({ kind, count: 1, operation: "GetObject" });
      await expect(vault.getSegment(wanted, path)).rejects.toMatchObject({
        code: expect.stringContaining(code),
      });
      await expect(readFile(path)).rejects.toMatchObject({ code: "ENOENT" });
      await vault.getSegment(wanted, path);
      expect(PLAINTEXT.equals(await readFile(path))).toBe(true);
    },
  );

  it("a store that falls silent → STORE_UNAVAILABLE after the idle time", async () => {
    const job = await prepare();
    const receipt = await vault.putSegment(job);
    const store = cloud.store({ idleTimeoutMs: 200, attemptsMax: 1 });
    cloud.emulator.faults.set({ kind: "delay", delayMs: 3000, count: 1, operation: "GetObject" });
    const wanted = { segment: job.segment, receipt, wrappedKey };
    await expect(
      cloud.vault({ store }).getSegment(wanted, join(cloud.directory, "silent")),
    ).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  });
});

describe("check", () => {
  it("all is well → resolves", async () => {
    await expect(vault.check()).resolves.toBeUndefined();
  });

  it("no such bucket → STORE_BUCKET_MISSING", async () => {
    const store = cloud.store({ bucket: "nowhere" });
    await expect(cloud.vault({ store }).check()).rejects.toMatchObject({
      code: "STORE_BUCKET_MISSING",
    });
    const job = await prepare();
    await expect(cloud.vault({ store }).putSegment(job)).rejects.toMatchObject({
      code: "STORE_BUCKET_MISSING",
    });
  });

  it("a wrong secret → STORE_ACCESS_DENIED, KEY_ACCESS_DENIED, and no secret in the message", async () => {
    const credentials = { accessKeyId: "AK", secretAccessKey: "ANOTHER-SECRET" };
    const store = cloud.store({ credentials });
    const denied = await store.check().catch((error: unknown) => error);
    expect(denied).toMatchObject({ code: "STORE_ACCESS_DENIED" });
    const keys = cloud.keys({ credentials });
    const refused = await keys.check().catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "KEY_ACCESS_DENIED" });
    for (const error of [denied, refused]) {
      const shown = `${String(error)} ${JSON.stringify(error)}`;
      expect(shown).not.toContain("ANOTHER-SECRET");
      expect(shown).not.toContain(SECRET);
      expect(shown).not.toContain("Signature=");
    }
  });

  it("nobody listens → STORE_UNAVAILABLE, KEY_UNAVAILABLE", async () => {
    const endpoint = "http://127.0.0.1:9";
    const store = cloud.store({ endpoint, attemptsMax: 1 });
    await expect(store.check()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    const keys = cloud.keys({ endpoint, attemptsMax: 1 });
    await expect(keys.check()).rejects.toMatchObject({ code: "KEY_UNAVAILABLE" });
  });

  it("no such key → KEY_NOT_FOUND; a disabled key → KEY_DISABLED, also for segments", async () => {
    const keys = cloud.keys({ keyId: "11111111-2222-3333-4444-555555555555" });
    await expect(keys.check()).rejects.toMatchObject({ code: "KEY_NOT_FOUND" });
    const job = await prepare();
    await cloud.kms.send(new DisableKeyCommand({ KeyId: cloud.keyId }));
    try {
      await expect(vault.check()).rejects.toMatchObject({ code: "KEY_DISABLED" });
      await expect(cloud.vault().putSegment(job)).rejects.toMatchObject({ code: "KEY_DISABLED" });
    } finally {
      await cloud.kms.send(new EnableKeyCommand({ KeyId: cloud.keyId }));
    }
  });
});
