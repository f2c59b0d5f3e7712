import { randomBytes } from "node:crypto";
import { readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { WrappedKey } from "@reelhouse/contracts";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUCKET, REF, startCloud } from "./testing-vault.ts";
import type { TestingCloud } from "./testing-vault.ts";
import type { Vault } from "./vault.ts";

const PLAINTEXT = Buffer.concat([randomBytes(50_000), Buffer.alloc(50_000, "tape ")]);
const FRAME_BYTES = 4096;

let cloud: TestingCloud;
let vault: Vault;
let wrappedKey: WrappedKey;
let lastNumber = 0;
const nextNumber = () => (lastNumber += 1);

beforeAll(async () => {
  cloud = await startCloud();
  vault = cloud.vault({ frameBytes: FRAME_BYTES });
  wrappedKey = await vault.createVolumeKey(REF);
});
afterAll(() => cloud[Symbol.asyncDispose]());

const destination = () => join(cloud.directory, `back-${nextNumber()}`);

describe("putSegment", () => {
  it("a segment → a receipt that names object and contents, and progress up to its length", async () => {
    const job = await cloud.job(PLAINTEXT, wrappedKey, { number: nextNumber() });
    const seen: number[] = [];
    const receipt = await vault.putSegment(job, { onProgress: (bytes) => seen.push(bytes) });
    expect(receipt).toMatchObject({
      bucket: BUCKET,
      key: "backups/gw1/RHS001L8/g1/p0/00000001",
      storageClass: "STANDARD",
      segmentBytes: PLAINTEXT.length,
      segmentSha256: job.segmentSha256,
    });
    expect(seen.at(-1)).toBe(PLAINTEXT.length);
    const stored = await vault.readRange(
      { segment: job.segment, receipt, wrappedKey },
      { offset: 0, byteLength: PLAINTEXT.length },
    );
    expect(PLAINTEXT.equals(stored)).toBe(true);
  });

  it("again → the same receipt, and no second object", async () => {
    const job = await cloud.job(PLAINTEXT, wrappedKey, { number: nextNumber() });
    const first = await vault.putSegment(job);
    const second = await cloud.vault({ zstdLevel: null }).putSegment(job);
    expect({ ...second, uploadedAt: "" }).toEqual({ ...first, uploadedAt: "" });
  });

  it("an empty segment → stored and read back", async () => {
    const job = await cloud.job(Buffer.alloc(0), wrappedKey, { number: nextNumber() });
    const receipt = await vault.putSegment(job);
    const path = destination();
    await vault.getSegment({ segment: job.segment, receipt, wrappedKey }, path);
    expect(await readFile(path)).toHaveLength(0);
  });

  it("again with other contents → OBJECT_CONFLICT, and the first stays", async () => {
    const number = nextNumber();
    const job = await cloud.job(PLAINTEXT, wrappedKey, { number });
    const receipt = await vault.putSegment(job);
    const other = await cloud.job(randomBytes(1000), wrappedKey, { number });
    await expect(vault.putSegment(other)).rejects.toMatchObject({
      code: "OBJECT_CONFLICT",
      retryable: false,
    });
    const path = destination();
    await vault.getSegment({ segment: job.segment, receipt, wrappedKey }, path);
    expect(PLAINTEXT.equals(await readFile(path))).toBe(true);
  });

  it("the key taken by something else → OBJECT_CONFLICT", async () => {
    const number = nextNumber();
    const job = await cloud.job(PLAINTEXT, wrappedKey, { number });
    const Key = `backups/gw1/RHS001L8/g1/p0/${String(number).padStart(8, "0")}`;
    await cloud.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: "not ours" }));
    await expect(vault.putSegment(job)).rejects.toMatchObject({ code: "OBJECT_CONFLICT" });
  });

  it("a file shorter than promised, or changed → SEGMENT_MISMATCH and nothing stored", async () => {
    const number = nextNumber();
    const job = await cloud.job(PLAINTEXT, wrappedKey, { number });
    await truncate(job.path, 99_999);
    await expect(vault.putSegment(job)).rejects.toMatchObject({ code: "SEGMENT_MISMATCH" });
    const changed = Buffer.from(PLAINTEXT);
    changed.writeUInt8(changed.readUInt8(7) ^ 1, 7);
    await writeFile(job.path, changed);
    await expect(vault.putSegment(job)).rejects.toMatchObject({ code: "SEGMENT_MISMATCH" });
    const key = `backups/gw1/RHS001L8/g1/p0/${String(number).padStart(8, "0")}`;
    await expect(cloud.store().head(key)).rejects.toMatchObject({ code: "STORE_NOT_FOUND" });
  });
});

describe("putSegment without compression", () => {
  it("not to be compressed → an object larger than the segment, and the same bytes back", async () => {
    const compressed = await cloud.job(PLAINTEXT, wrappedKey, { number: nextNumber() });
    expect((await vault.putSegment(compressed)).objectBytes).toBeLessThan(PLAINTEXT.length * 0.7);
    const job = await cloud.job(PLAINTEXT, wrappedKey, { partition: 1, number: nextNumber() });
    const receipt = await vault.putSegment({ ...job, compress: false });
    expect(receipt.objectBytes).toBeGreaterThan(PLAINTEXT.length);
    const path = destination();
    await vault.getSegment({ segment: job.segment, receipt, wrappedKey }, path);
    expect(PLAINTEXT.equals(await readFile(path))).toBe(true);
  });
});

describe("putSegment of what it should not put", () => {
  it("larger than the limit → SEGMENT_TOO_LARGE before anything is read", async () => {
    const job = await cloud.job(PLAINTEXT, wrappedKey, { number: nextNumber() });
    const huge = { ...job, path: "/nowhere", segmentBytes: 2 ** 40 };
    await expect(vault.putSegment(huge)).rejects.toMatchObject({ code: "SEGMENT_TOO_LARGE" });
  });

  it("a key of another volume → KEY_CONTEXT_MISMATCH", async () => {
    const foreign = await vault.createVolumeKey({ ...REF, barcode: "RHS002L8" });
    const job = await cloud.job(PLAINTEXT, foreign, { number: nextNumber() });
    await expect(vault.putSegment(job)).rejects.toMatchObject({ code: "KEY_CONTEXT_MISMATCH" });
    const relabelled = { ...foreign, context: wrappedKey.context };
    await expect(vault.putSegment({ ...job, wrappedKey: relabelled })).rejects.toMatchObject({
      code: "KEY_CONTEXT_MISMATCH",
    });
  });
});

describe("getSegment", () => {
  it("a receipt that differs in any digest → RECEIPT_MISMATCH and no file", async () => {
    const job = await cloud.job(PLAINTEXT, wrappedKey, { number: nextNumber() });
    const receipt = await vault.putSegment(job);
    const spoiled = [
      { objectSha256: "0".repeat(64) },
      { objectCrc32c: "00000000" },
      { objectBytes: receipt.objectBytes + 1 },
      { segmentSha256: "0".repeat(64) },
      { segmentBytes: receipt.segmentBytes + 1 },
      { bucket: "elsewhere" },
      { key: `${receipt.key}9` },
    ];
    for (const part of spoiled) {
      const path = destination();
      const wanted = { segment: job.segment, receipt: { ...receipt, ...part }, wrappedKey };
      await expect(vault.getSegment(wanted, path)).rejects.toMatchObject({
        code: "RECEIPT_MISMATCH",
      });
      await expect(readFile(path)).rejects.toMatchObject({ code: "ENOENT" });
    }
    const leftovers = (await readdir(dirname(destination()))).filter((name) =>
      name.endsWith(".partial"),
    );
    expect(leftovers).toEqual([]);
  });

  it("another segment's object under its key → OBJECT_IDENTITY", async () => {
    const [a, b] = [nextNumber(), nextNumber()];
    const first = await cloud.job(PLAINTEXT, wrappedKey, { number: a });
    const second = await cloud.job(randomBytes(100), wrappedKey, { number: b });
    const receipt = await vault.putSegment(first);
    const other = await vault.putSegment(second);
    const body = await (await cloud.store().get(other.key)).body[Symbol.asyncIterator]().next();
    await cloud.s3.send(
      new PutObjectCommand({ Bucket: BUCKET, Key: receipt.key, Body: body.value }),
    );
    const wanted = { segment: first.segment, receipt, wrappedKey };
    await expect(vault.getSegment(wanted, destination())).rejects.toMatchObject({
      code: "OBJECT_IDENTITY",
    });
  });

  it("the object is gone → STORE_NOT_FOUND", async () => {
    const job = await cloud.job(PLAINTEXT, wrappedKey, { number: nextNumber() });
    const receipt = await vault.putSegment(job);
    await cloud.s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: receipt.key }));
    const wanted = { segment: job.segment, receipt, wrappedKey };
    await expect(vault.getSegment(wanted, destination())).rejects.toMatchObject({
      code: "STORE_NOT_FOUND",
    });
  });

  it("an archived object → STORE_ARCHIVED", async () => {
    const job = await cloud.job(PLAINTEXT, wrappedKey, { number: nextNumber() });
    const receipt = await cloud.vault({ storageClass: "GLACIER" }).putSegment(job);
    expect(receipt.storageClass).toBe("GLACIER");
    const wanted = { segment: job.segment, receipt, wrappedKey };
    await expect(vault.getSegment(wanted, destination())).rejects.toMatchObject({
      code: "STORE_ARCHIVED",
    });
  });
});

it("readRange of any range → those bytes", async () => {
  const job = await cloud.job(PLAINTEXT, wrappedKey, { number: nextNumber() });
  const receipt = await vault.putSegment(job);
  const wanted = { segment: job.segment, receipt, wrappedKey };
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: PLAINTEXT.length + 10 }),
      fc.integer({ min: 0, max: 3 * FRAME_BYTES }),
      async (offset, byteLength) => {
        const bytes = await vault.readRange(wanted, { offset, byteLength });
        expect(PLAINTEXT.subarray(offset, offset + byteLength).equals(bytes)).toBe(true);
      },
    ),
    { numRuns: 40 },
  );
});
