import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { Manifest, WrappedKey } from "@reelhouse/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUCKET, REF, startCloud } from "./testing-vault.ts";
import type { TestingCloud } from "./testing-vault.ts";
import type { Vault } from "./vault.ts";

let cloud: TestingCloud;
let vault: Vault;
let wrappedKey: WrappedKey;
let lastGeneration = 0;

beforeAll(async () => {
  cloud = await startCloud();
  vault = cloud.vault();
  wrappedKey = await vault.createVolumeKey(REF);
});
afterAll(() => cloud[Symbol.asyncDispose]());

const nextManifest = (part: Partial<Manifest> = {}): Manifest => ({
  format: "reelhouse-manifest",
  version: 1,
  gateway: "gw1",
  library: REF.library,
  barcode: REF.barcode,
  generation: (lastGeneration += 1),
  sequence: 1,
  createdAt: "2026-11-22T12:00:00.000Z",
  capacityBytes: 107_374_182_400,
  worm: false,
  pool: null,
  wrappedKey,
  complete: true,
  segments: [],
  ...part,
});

const readText = async (key: string): Promise<string> => {
  const { Body: body } = await cloud.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
  return (await body?.transformToString()) ?? "";
};
const overwrite = (key: string, text: string) =>
  cloud.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: text }));

describe("putManifest", () => {
  it("the same twice → the same key and ETag", async () => {
    const manifest = nextManifest();
    const first = await vault.putManifest(manifest);
    const second = await vault.putManifest(manifest);
    expect(first.key).toBe(
      `backups/gw1/RHS001L8/g${manifest.generation}/manifest/000000000001.json`,
    );
    expect(second).toMatchObject({ key: first.key, etag: first.etag });
  });

  it("partitions and attributes → come back; without them → a manifest of before, without them", async () => {
    const manifest = nextManifest({
      partitions: [{ capacityBytes: 2 ** 30 }, { capacityBytes: 2 ** 36 }],
      attributes: [{ partition: 1, identifier: 0x080c, format: 0, value: "Y29oZXJlbnQ=" }],
    });
    await vault.putManifest(manifest);
    expect(await vault.latestManifest(manifest)).toEqual(manifest);
    const before = nextManifest();
    await vault.putManifest(before);
    expect(await vault.latestManifest(before)).toEqual(before);
  });

  it("another with the same sequence → OBJECT_CONFLICT, the first stays", async () => {
    const manifest = nextManifest();
    await vault.putManifest(manifest);
    await expect(vault.putManifest({ ...manifest, worm: true })).rejects.toMatchObject({
      code: "OBJECT_CONFLICT",
    });
    expect((await vault.latestManifest(manifest)).worm).toBe(false);
  });

  it("with a key of another volume → KEY_CONTEXT_MISMATCH", async () => {
    const foreign = await vault.createVolumeKey({ library: "gw1", barcode: "RHS002L8" });
    const manifest = nextManifest({ wrappedKey: foreign });
    await expect(vault.putManifest(manifest)).rejects.toMatchObject({
      code: "KEY_CONTEXT_MISMATCH",
    });
  });
});

describe("latestManifest", () => {
  it("several → the highest, proven with no cache and no other knowledge", async () => {
    const manifest = nextManifest();
    for (const sequence of [1, 9, 10]) await vault.putManifest({ ...manifest, sequence });
    expect(await cloud.vault().latestManifest(manifest)).toEqual({ ...manifest, sequence: 10 });
  });

  it("none → MANIFEST_NOT_FOUND", async () => {
    await expect(vault.latestManifest(nextManifest())).rejects.toMatchObject({
      code: "MANIFEST_NOT_FOUND",
    });
  });

  it("altered, whatever the field → MANIFEST_FORGED", async () => {
    const manifest = nextManifest();
    const { key } = await vault.putManifest(manifest);
    const text = await readText(key);
    await overwrite(key, text.replace('"complete":true', '"complete":false'));
    await expect(vault.latestManifest(manifest)).rejects.toMatchObject({ code: "MANIFEST_FORGED" });
    await overwrite(key, text.replace('"segments"', '"unknown":1,"segments"'));
    await expect(vault.latestManifest(manifest)).rejects.toMatchObject({ code: "MANIFEST_FORGED" });
    await overwrite(key, text);
    expect(await vault.latestManifest(manifest)).toEqual(manifest);
  });

  it("an older or a foreign manifest under a newer name → MANIFEST_FORGED", async () => {
    const manifest = nextManifest();
    const { key } = await vault.putManifest(manifest);
    await overwrite(key.replace("000000000001", "000000000002"), await readText(key));
    await expect(vault.latestManifest(manifest)).rejects.toMatchObject({ code: "MANIFEST_FORGED" });
  });

  it.each([
    ["not JSON", "nonsense"],
    ["null", "null"],
    ["no MAC", '{"manifest":{}}'],
    ["not a manifest", `{"manifest":{},"mac":"${"0".repeat(64)}"}`],
  ])("%s → MANIFEST_FORMAT", async (_what, text) => {
    const manifest = nextManifest();
    const { key } = await vault.putManifest(manifest);
    await overwrite(key, text);
    await expect(vault.latestManifest(manifest)).rejects.toMatchObject({ code: "MANIFEST_FORMAT" });
  });
});

it("listVolumes → every generation with an object, foreign keys passed over", async () => {
  const empty = cloud.vault({ prefix: "elsewhere/" });
  for (const barcode of ["RHS010L8", "RHS011L8"]) {
    const key = await empty.createVolumeKey({ library: "gw2", barcode });
    const manifest = nextManifest({ library: "gw2", barcode, wrappedKey: key });
    for (const generation of [1, 12]) await empty.putManifest({ ...manifest, generation });
  }
  await overwrite("elsewhere/readme.txt", "foreign");
  await overwrite("elsewhere/gw2/RHS010L8/other/x", "foreign");
  const found: string[] = [];
  for await (const ref of empty.listVolumes())
    found.push(`${ref.library}/${ref.barcode}/${ref.generation}`);
  expect(found.toSorted()).toEqual([
    "gw2/RHS010L8/1",
    "gw2/RHS010L8/12",
    "gw2/RHS011L8/1",
    "gw2/RHS011L8/12",
  ]);
});
