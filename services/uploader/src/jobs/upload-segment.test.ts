/** upload-segment against the emulator: done twice, cut off, refused, and jobs that can never be done. */
import { rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { uploadSegment } from "@reelhouse/contracts";
import { PermanentJobError } from "@reelhouse/service-kit";
import { VaultError } from "@reelhouse/vault";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createTestCloud, failure, jobContext, type TestCloud } from "../testing.ts";
import { uploadSegmentHandler } from "./upload-segment.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await createTestCloud();
}, 20_000);
afterEach(() => cloud.emulator.faults.clear());
afterAll(() => cloud.close());

const upload = (job: { id: string; payload: unknown }) =>
  uploadSegmentHandler(cloud.surroundings).run(job.payload, jobContext(job.id));

describe("upload-segment", () => {
  test("a sealed segment → its receipt; again → the same, one object", async () => {
    const job = await cloud.segment(1);
    const first = uploadSegment.result.parse(await upload(job));
    expect(first.receipt).toMatchObject({ key: job.id, segmentBytes: 3000 });
    const again = uploadSegment.result.parse(await upload(job));
    expect(again.receipt.etag).toBe(first.receipt.etag);
    expect(await cloud.keys()).toEqual([job.id]);
    const text = await cloud.metricsText();
    expect(text).toMatch(/reelhouse_upload_plain_bytes_total\{.*job="upload-segment".*\} 6000/);
    expect(text).toMatch(/reelhouse_upload_jobs_in_flight\{.*\} 0/);
  });

  test("a segment that is not to be compressed → an object larger than it; any other → smaller", async () => {
    const bytes = Buffer.alloc(30_000, "tape ");
    const { id, payload } = await cloud.segment(2, bytes);
    const plain = await upload({ id, payload: { ...payload, compress: false } });
    expect(uploadSegment.result.parse(plain).receipt.objectBytes).toBeGreaterThan(30_000);
    const other = await upload(await cloud.segment(3, bytes));
    expect(uploadSegment.result.parse(other).receipt.objectBytes).toBeLessThan(3000);
  });

  test.each(["slow-down", "outage", "cut-request"] as const)(
    "store with %s → an error that lets the queue try again; then done",
    async (kind) => {
      const job = await cloud.segment(10 + kind.length);
      cloud.emulator.faults.set({ kind, service: "s3", operation: "PutObject", count: 1 });
      const error = await failure(upload(job));
      expect(error).toBeInstanceOf(VaultError);
      expect(error).not.toBeInstanceOf(PermanentJobError);
      uploadSegment.result.parse(await upload(job));
    },
  );

  test("the answer cut off after the object was stored → done at the second try", async () => {
    const job = await cloud.segment(30);
    cloud.emulator.faults.set({
      kind: "cut-response",
      service: "s3",
      operation: "PutObject",
      count: 1,
    });
    await failure(upload(job));
    expect(uploadSegment.result.parse(await upload(job)).receipt.key).toBe(job.id);
  });
});

describe("upload-segment that can never be done", () => {
  test("the file was dropped by an overwrite → never again, says why", async () => {
    const job = await cloud.segment(40);
    await rm(path.join(cloud.mediaDirectory, job.payload.path));
    const error = await failure(upload(job));
    expect(error).toBeInstanceOf(PermanentJobError);
    expect(error).toMatchObject({ code: "MEDIA_FILE_MISSING" });
  });

  test("the file is not what was promised → SEGMENT_MISMATCH, never again", async () => {
    const job = await cloud.segment(41);
    await writeFile(path.join(cloud.mediaDirectory, job.payload.path), "other");
    expect(await failure(upload(job))).toMatchObject({
      name: "PermanentJobError",
      code: "SEGMENT_MISMATCH",
    });
  });

  test("another object lies at the key → OBJECT_CONFLICT, never again, nothing overwritten", async () => {
    const bytes = Buffer.from("first");
    const job = await cloud.segment(42, bytes);
    await upload(job);
    const other = await cloud.segment(42);
    expect(await failure(upload(other))).toMatchObject({ code: "OBJECT_CONFLICT" });
    await cloud.segment(42, bytes);
    expect(uploadSegment.result.parse(await upload(job)).receipt.segmentSha256).toBe(
      job.payload.segmentSha256,
    );
  });

  test("a job under another id than its segment's → INVALID_PAYLOAD", async () => {
    const job = await cloud.segment(43);
    expect(await failure(upload({ ...job, id: "gw1/other" }))).toMatchObject({
      code: "INVALID_PAYLOAD",
    });
  });

  test.each(["../cloud/x", "/etc/passwd", "a/../../x", ".", "", "link/secret", "RHS001L8/a\0b"])(
    "path %j → refused for ever",
    async (relative) => {
      const outside = path.join(cloud.directory, "secret");
      await writeFile(outside, "x");
      await symlink(cloud.directory, path.join(cloud.mediaDirectory, "link")).catch(
        () => undefined,
      );
      const job = await cloud.segment(44);
      const error = await failure(upload({ ...job, payload: { ...job.payload, path: relative } }));
      expect(error).toBeInstanceOf(PermanentJobError);
      expect(error).toMatchObject({
        code: relative === "" ? "INVALID_PAYLOAD" : "PATH_OUTSIDE_MEDIA",
      });
    },
  );

  test("the media folder is not there at all → may come back, so tried again", async () => {
    const job = await cloud.segment(45);
    const surroundings = {
      ...cloud.surroundings,
      mediaDirectory: path.join(cloud.directory, "none"),
    };
    const run = uploadSegmentHandler(surroundings).run(job.payload, jobContext(job.id));
    expect(await failure(run)).not.toBeInstanceOf(PermanentJobError);
  });
});
