import { hash, randomBytes } from "node:crypto";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createDigest } from "../format/digest.ts";
import { BUCKET, startCloud } from "../testing-vault.ts";
import type { TestingCloud } from "../testing-vault.ts";
import type { ObjectStore, PutObject } from "./object-store.ts";

let cloud: TestingCloud;
let store: ObjectStore;
beforeAll(async () => {
  cloud = await startCloud();
  store = cloud.store();
});
afterEach(() => cloud.emulator.faults.clear());
afterAll(() => cloud[Symbol.asyncDispose]());

const put = (key: string, body: Buffer, part: Partial<PutObject> = {}): PutObject => {
  const digest = createDigest();
  digest.update(body);
  const { crc32c, sha256 } = digest.finish();
  return { key, body, crc32c, sha256, contentType: "application/octet-stream", ...part };
};

describe("create", () => {
  it("a new key → stored with class, metadata and checksum", async () => {
    const body = randomBytes(1000);
    const object = put("new", body, { storageClass: "STANDARD_IA", metadata: { tape: "1" } });
    const { etag } = await store.create(object);
    expect(await store.head("new")).toMatchObject({
      etag,
      objectBytes: 1000,
      storageClass: "STANDARD_IA",
      crc32c: object.crc32c,
      metadata: { tape: "1" },
      versionId: null,
    });
  });

  it("a key that is taken → STORE_PRECONDITION, the first stays", async () => {
    const first = randomBytes(10);
    await store.create(put("taken", first));
    await expect(store.create(put("taken", randomBytes(10)))).rejects.toMatchObject({
      code: "STORE_PRECONDITION",
    });
    expect(await store.getRange("taken", { offset: 0, byteLength: 10 })).toEqual(first);
  });

  it("a wrong CRC-32C, or a wrong SHA-256 → STORE_CORRUPTED_TRANSFER: both reach the store", async () => {
    const body = randomBytes(10);
    const wrongCrc = put("wrong-crc", body, { crc32c: "00000000" });
    await expect(store.create(wrongCrc)).rejects.toMatchObject({
      code: "STORE_CORRUPTED_TRANSFER",
      retryable: true,
    });
    const wrongSha = put("wrong-sha", body, { sha256: hash("sha256", "else") });
    await expect(store.create(wrongSha)).rejects.toMatchObject({
      code: "STORE_CORRUPTED_TRANSFER",
    });
  });

  it("the same key ten times at once → one is stored", async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => store.create(put("race", randomBytes(5000)))),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
});

describe("reading", () => {
  it("the middle of an object → exactly those bytes", async () => {
    const body = randomBytes(300_000);
    await store.create(put("ranged", body));
    const range = { offset: 1000, byteLength: 200_000 };
    expect(body.subarray(1000, 201_000).equals(await store.getRange("ranged", range))).toBe(true);
  });

  it("a range that reaches past the end → STORE_CORRUPTED_TRANSFER", async () => {
    await store.create(put("short", randomBytes(10)));
    await expect(store.getRange("short", { offset: 5, byteLength: 10 })).rejects.toMatchObject({
      code: "STORE_CORRUPTED_TRANSFER",
    });
  });

  it("nothing there → STORE_NOT_FOUND", async () => {
    await expect(store.get("absent")).rejects.toMatchObject({ code: "STORE_NOT_FOUND" });
    await expect(store.head("absent")).rejects.toMatchObject({ code: "STORE_NOT_FOUND" });
  });

  it("sixty bodies left half read → their connections come free", async () => {
    await store.create(put("large", randomBytes(2_000_000)));
    for (let round = 0; round < 60; round += 1) {
      const { body } = await store.get("large");
      for await (const chunk of body) if (chunk.length > 0) break;
    }
    expect((await store.head("large")).objectBytes).toBe(2_000_000);
  });
});

it("more keys than a page, with a delimiter → every key and prefix once", async () => {
  const keys = Array.from({ length: 25 }, (_, index) => `many/${String(index).padStart(5, "0")}`);
  for (const Key of [...keys, "many/sub/1", "many/sub/2"])
    await cloud.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: "x" }));
  const found: string[] = [];
  let pages = 0;
  for await (const page of cloud.store({ pageKeysMax: 7 }).list("many/", "/")) {
    found.push(...page.keys, ...page.prefixes);
    pages += 1;
  }
  expect(found.toSorted()).toEqual([...keys, "many/sub/"]);
  expect(pages).toBe(4);
});
