/** publish-manifest against the emulator: done twice, refused, and files that are not what the job says. */
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { manifestKey, publishManifest, type Manifest } from "@reelhouse/contracts";
import { PermanentJobError } from "@reelhouse/service-kit";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createTestCloud, failure, jobContext, type TestCloud } from "../testing.ts";
import { publishManifestHandler } from "./publish-manifest.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await createTestCloud();
}, 20_000);
afterEach(() => cloud.emulator.faults.clear());
afterAll(() => cloud.close());

const manifestOf = (sequence: number): Manifest => ({
  format: "reelhouse-manifest",
  version: 1,
  gateway: "gw1",
  library: "gw1",
  barcode: "RHS001L8",
  generation: 1,
  sequence,
  createdAt: "2026-11-22T00:00:00Z",
  capacityBytes: 100,
  worm: false,
  pool: null,
  wrappedKey: cloud.wrappedKey,
  complete: true,
  segments: [],
});
const job = async (manifest: Manifest, sequence = manifest.sequence) => {
  const text = JSON.stringify(manifest);
  const file = `RHS001L8/manifest-${sequence}.json`;
  await writeFile(path.join(cloud.mediaDirectory, file), text);
  const sha256 = createHash("sha256").update(text).digest("hex");
  const { library, barcode, generation } = manifest;
  const payload = { path: file, sha256, library, barcode, generation, sequence };
  return { payload, id: manifestKey(manifest, sequence) };
};
const publish = ({ payload, id }: Awaited<ReturnType<typeof job>>) =>
  publishManifestHandler(cloud.surroundings).run(payload, jobContext(id));

describe("publish-manifest", () => {
  test("a manifest → published and read back; again → the same answer's key", async () => {
    const first = await job(manifestOf(1));
    const result = publishManifest.result.parse(await publish(first));
    expect(result.key).toBe(first.id);
    expect(publishManifest.result.parse(await publish(first)).etag).toBe(result.etag);
    const latest = await cloud.vault.latestManifest({
      library: "gw1",
      barcode: "RHS001L8",
      generation: 1,
    });
    expect(latest.sequence).toBe(1);
  });

  test("another manifest under the same sequence → OBJECT_CONFLICT, never again", async () => {
    const other = await job({ ...manifestOf(1), capacityBytes: 101 });
    expect(await failure(publish(other))).toMatchObject({
      name: "PermanentJobError",
      code: "OBJECT_CONFLICT",
    });
  });

  test("the file names another sequence, or has other bytes → MANIFEST_MISMATCH", async () => {
    expect(await failure(publish(await job(manifestOf(3), 2)))).toMatchObject({
      code: "MANIFEST_MISMATCH",
    });
    const changed = await job(manifestOf(4));
    await writeFile(path.join(cloud.mediaDirectory, changed.payload.path), "{}");
    expect(await failure(publish(changed))).toMatchObject({ code: "MANIFEST_MISMATCH" });
  });

  test("the store refuses once → tried again", async () => {
    const wanted = await job(manifestOf(5));
    cloud.emulator.faults.set({ kind: "slow-down", service: "s3", count: 1 });
    expect(await failure(publish(wanted))).not.toBeInstanceOf(PermanentJobError);
    publishManifest.result.parse(await publish(wanted));
  });
});
