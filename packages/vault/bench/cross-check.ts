/**
 * The vault against an S3 server we did not write (KMS from the emulator):
 * `node packages/vault/bench/cross-check.ts <endpoint> <access key id> <secret access key>`. Says what differs.
 */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import type { Manifest, Receipt } from "@reelhouse/contracts";
import { hasCode } from "../src/errors.ts";
import type { VaultErrorCode } from "../src/errors.ts";
import { createDigest } from "../src/format/digest.ts";
import { createS3ObjectStore } from "../src/store/s3-object-store.ts";
import { REF, startCloud } from "../src/testing-vault.ts";

const [, , endpoint = "", accessKeyId = "", secretAccessKey = ""] = process.argv;
const settings = { endpoint, region: "us-east-1", credentials: { accessKeyId, secretAccessKey } };
const bucket = `reelhouse-${Date.now()}`;

const step = async (name: string, action: () => Promise<unknown>): Promise<void> => {
  try {
    await action();
    console.log(`ok    ${name}`);
  } catch (error) {
    console.log(`DIFF  ${name}: ${String(error)}`);
    process.exitCode = 1;
  }
};
const refused = async (code: VaultErrorCode, action: () => Promise<unknown>): Promise<void> => {
  const outcome: unknown = await action().catch((error: unknown) => error);
  assert(hasCode(outcome, code), `expected ${code}, got ${String(outcome)}`);
};

await using cloud = await startCloud();
const client = new S3Client({ ...settings, forcePathStyle: true });
await client.send(new CreateBucketCommand({ Bucket: bucket }));
const store = createS3ObjectStore({ ...settings, bucket });
const vault = cloud.vault({ store });
const wrappedKey = await vault.createVolumeKey(REF);
const plaintext = randomBytes(20_000_000);
const job = await cloud.job(plaintext, wrappedKey);
let receipt: Receipt | undefined;
const wanted = () => {
  assert(receipt, "there is no receipt");
  return { segment: job.segment, receipt, wrappedKey };
};

await step("check", () => vault.check());
await step("a missing bucket", () =>
  refused("STORE_BUCKET_MISSING", () =>
    createS3ObjectStore({ ...settings, bucket: "nowhere-at-all" }).check(),
  ),
);
await step("a wrong secret", () => {
  const credentials = { accessKeyId, secretAccessKey: "wrong" };
  return refused("STORE_ACCESS_DENIED", () =>
    createS3ObjectStore({ ...settings, bucket, credentials }).check(),
  );
});
await step("putSegment", async () => {
  receipt = await vault.putSegment(job);
});
await step("putSegment again: the same receipt", async () => {
  const again = await vault.putSegment(job);
  assert.deepEqual({ ...again, uploadedAt: "" }, { ...wanted().receipt, uploadedAt: "" });
});
await step("putSegment of other bytes: conflict", async () => {
  const other = await cloud.job(randomBytes(1000), wrappedKey);
  await refused("OBJECT_CONFLICT", () => vault.putSegment(other));
});
await step("getSegment", async () => {
  const path = join(cloud.directory, "back");
  await vault.getSegment(wanted(), path);
  assert(plaintext.equals(await readFile(path)));
});
await step("readRange", async () => {
  const bytes = await vault.readRange(wanted(), { offset: 5_000_000, byteLength: 3_000_000 });
  assert(plaintext.subarray(5_000_000, 8_000_000).equals(bytes));
});
await step("the store verifies and keeps our CRC-32C", async () => {
  const head = await store.head(wanted().receipt.key);
  assert.equal(head.crc32c, wanted().receipt.objectCrc32c);
});
await step("a body that is not its SHA-256 is refused", () =>
  refused("STORE_CORRUPTED_TRANSFER", () =>
    store.create({
      key: "wrong",
      body: Buffer.from("x"),
      crc32c: "00000000",
      sha256: "0".repeat(64),
      contentType: "text/plain",
    }),
  ),
);
await step("an object that is not there", () =>
  refused("STORE_NOT_FOUND", () => store.get("absent")),
);
await step("ten creations of one key at once: one wins", async () => {
  const body = randomBytes(1000);
  const digest = createDigest();
  digest.update(body);
  const sums = digest.finish();
  const outcomes = await Promise.allSettled(
    Array.from({ length: 10 }, () =>
      store.create({ key: "race", body, ...sums, contentType: "text/plain" }),
    ),
  );
  assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
});
const manifest: Manifest = {
  format: "reelhouse-manifest",
  version: 1,
  gateway: "gw1",
  library: REF.library,
  barcode: REF.barcode,
  generation: REF.generation,
  sequence: 1,
  createdAt: new Date().toISOString(),
  capacityBytes: 1e9,
  worm: false,
  pool: null,
  wrappedKey,
  complete: true,
  segments: [],
};
await step("manifests: put, put again, another, latest, volumes", async () => {
  await vault.putManifest(manifest);
  await vault.putManifest(manifest);
  await refused("OBJECT_CONFLICT", () => vault.putManifest({ ...manifest, worm: true }));
  assert.deepEqual(await vault.latestManifest(REF), manifest);
  const volumes = [];
  for await (const volume of vault.listVolumes()) volumes.push(volume);
  assert.deepEqual(volumes, [{ library: "gw1", barcode: "RHS001L8", generation: 1 }]);
});
vault.close();
client.destroy();
