/** Multipart uploads, versions and Object Lock, with AWS's own SDK. */
import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import * as S3 from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmulator } from "../testing-emulator.ts";
import type { TestingEmulator } from "../testing-emulator.ts";

const PART_BYTES = 5 * 1024 * 1024;
const DAY_MS = 86_400_000;

let running: TestingEmulator;
let s3: S3.S3Client;
beforeAll(async () => {
  running = await startEmulator();
  ({ s3 } = running);
  await s3.send(new S3.CreateBucketCommand({ Bucket: "plain" }));
  await s3.send(new S3.CreateBucketCommand({ Bucket: "locked", ObjectLockEnabledForBucket: true }));
});
afterAll(() => running[Symbol.asyncDispose]());

const named = (name: string) => ({ name });
const read = async (target: S3.GetObjectCommandInput): Promise<Buffer> => {
  const { Body: body } = await s3.send(new S3.GetObjectCommand(target));
  return Buffer.from((await body?.transformToByteArray()) ?? []);
};
const blobCount = async (): Promise<number> => {
  const names = await readdir(join(running.directory, "blobs"), { recursive: true });
  return names.filter((name) => name.includes("/")).length;
};

describe("multipart", () => {
  const target = { Bucket: "plain", Key: "big" };

  it("two parts → one object, with the ETag S3 would give, and no blob left over", async () => {
    const before = await blobCount();
    const parts = [randomBytes(PART_BYTES), randomBytes(1000)];
    const { UploadId } = await s3.send(
      new S3.CreateMultipartUploadCommand({ ...target, ChecksumAlgorithm: "CRC32" }),
    );
    const sent: S3.CompletedPart[] = [];
    for (const [index, Body] of parts.entries()) {
      const PartNumber = index + 1;
      const { ETag, ChecksumCRC32 } = await s3.send(
        new S3.UploadPartCommand({
          ...target,
          UploadId,
          PartNumber,
          Body,
        }),
      );
      sent.push({ PartNumber, ETag, ChecksumCRC32 });
    }
    const listed = await s3.send(new S3.ListPartsCommand({ ...target, UploadId }));
    expect(listed.Parts).toHaveLength(2);
    const done = await s3.send(
      new S3.CompleteMultipartUploadCommand({
        ...target,
        UploadId,
        MultipartUpload: { Parts: sent },
      }),
    );
    expect(done.ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
    // Not toEqual: it compares byte by byte in JavaScript.
    expect(Buffer.concat(parts).equals(await read(target))).toBe(true);
    const attributes = await s3.send(
      new S3.GetObjectAttributesCommand({
        ...target,
        ObjectAttributes: ["ObjectSize", "ObjectParts", "Checksum"],
      }),
    );
    expect(attributes).toMatchObject({
      ObjectSize: PART_BYTES + 1000,
      ObjectParts: { TotalPartsCount: 2 },
      Checksum: { ChecksumType: "COMPOSITE" },
    });
    expect(await blobCount()).toBe(before + 1);
  });
});

describe("multipart that is refused", () => {
  const target = { Bucket: "plain", Key: "big" };

  it("completed with If-None-Match: * onto a key that exists → PreconditionFailed", async () => {
    const taken = { ...target, Key: "taken" };
    await s3.send(new S3.PutObjectCommand({ ...taken, Body: "x" }));
    const { UploadId } = await s3.send(new S3.CreateMultipartUploadCommand(taken));
    const { ETag } = await s3.send(
      new S3.UploadPartCommand({ ...taken, UploadId, PartNumber: 1, Body: "y" }),
    );
    const complete = new S3.CompleteMultipartUploadCommand({
      ...taken,
      UploadId,
      IfNoneMatch: "*",
      MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
    });
    await expect(s3.send(complete)).rejects.toMatchObject(named("PreconditionFailed"));
    await s3.send(new S3.AbortMultipartUploadCommand({ ...taken, UploadId }));
    await expect(s3.send(new S3.ListPartsCommand({ ...taken, UploadId }))).rejects.toMatchObject(
      named("NoSuchUpload"),
    );
  });

  it("a small part before the last, or an ETag not its own → refused", async () => {
    const own = { ...target, Key: "refused" };
    const { UploadId } = await s3.send(new S3.CreateMultipartUploadCommand(own));
    const etags: (string | undefined)[] = [];
    for (const PartNumber of [1, 2]) {
      const input = { ...own, UploadId, PartNumber, Body: "tiny" };
      etags.push((await s3.send(new S3.UploadPartCommand(input))).ETag);
    }
    const complete = (Parts: S3.CompletedPart[]) =>
      s3.send(
        new S3.CompleteMultipartUploadCommand({ ...own, UploadId, MultipartUpload: { Parts } }),
      );
    await expect(
      complete([
        { PartNumber: 1, ETag: etags[0] },
        { PartNumber: 2, ETag: etags[1] },
      ]),
    ).rejects.toMatchObject(named("EntityTooSmall"));
    await expect(complete([{ PartNumber: 1, ETag: '"0"' }])).rejects.toMatchObject(
      named("InvalidPart"),
    );
    const { Uploads: uploads } = await s3.send(
      new S3.ListMultipartUploadsCommand({ Bucket: "plain", Prefix: "refused" }),
    );
    expect(uploads).toHaveLength(1);
  });
});

it("a versioned bucket → both versions readable, a delete marker hides them", async () => {
  await s3.send(new S3.CreateBucketCommand({ Bucket: "versioned" }));
  await s3.send(
    new S3.PutBucketVersioningCommand({
      Bucket: "versioned",
      VersioningConfiguration: { Status: "Enabled" },
    }),
  );
  const target = { Bucket: "versioned", Key: "k" };
  const { VersionId } = await s3.send(new S3.PutObjectCommand({ ...target, Body: "1" }));
  await s3.send(new S3.PutObjectCommand({ ...target, Body: "2" }));
  expect((await read({ ...target, VersionId })).toString()).toBe("1");
  await s3.send(new S3.DeleteObjectCommand(target));
  await expect(read(target)).rejects.toMatchObject(named("NoSuchKey"));
  const listed = await s3.send(new S3.ListObjectVersionsCommand({ Bucket: "versioned" }));
  expect(listed.Versions).toHaveLength(2);
  expect(listed.DeleteMarkers).toMatchObject([{ IsLatest: true }]);
  // A condition sees the marker as absence.
  await s3.send(new S3.PutObjectCommand({ ...target, Body: "3", IfNoneMatch: "*" }));
  expect((await read(target)).toString()).toBe("3");
});

const lock = (mode: "GOVERNANCE" | "COMPLIANCE") => ({
  ObjectLockMode: mode,
  ObjectLockRetainUntilDate: new Date(Date.now() + DAY_MS),
});
const put = async (Key: string, part = {}) => {
  const target = { Bucket: "locked", Key };
  const answer = await s3.send(new S3.PutObjectCommand({ ...target, Body: "x", ...part }));
  return { ...target, VersionId: answer.VersionId };
};
const remove = (target: S3.DeleteObjectCommandInput, BypassGovernanceRetention: boolean) =>
  s3.send(new S3.DeleteObjectCommand({ ...target, BypassGovernanceRetention }));

describe("Object Lock", () => {
  it("GOVERNANCE → not deleted but with the bypass", async () => {
    const target = await put("governed", lock("GOVERNANCE"));
    await expect(remove(target, false)).rejects.toMatchObject(named("AccessDenied"));
    await remove(target, true);
    await expect(read(target)).rejects.toMatchObject(named("NoSuchVersion"));
  });

  it("COMPLIANCE → not deleted, not shortened, but prolonged", async () => {
    const target = await put("compliant", lock("COMPLIANCE"));
    await expect(remove(target, true)).rejects.toMatchObject(named("AccessDenied"));
    const retain = (ms: number) =>
      s3.send(
        new S3.PutObjectRetentionCommand({
          ...target,
          Retention: { Mode: "COMPLIANCE", RetainUntilDate: new Date(Date.now() + ms) },
        }),
      );
    await expect(retain(DAY_MS / 2)).rejects.toMatchObject(named("AccessDenied"));
    await retain(2 * DAY_MS);
    const { Retention: retention } = await s3.send(new S3.GetObjectRetentionCommand(target));
    expect(retention?.RetainUntilDate?.getTime()).toBeGreaterThan(Date.now() + DAY_MS);
  });

  it("a legal hold → not deleted until lifted", async () => {
    const target = await put("held", { ObjectLockLegalHoldStatus: "ON" });
    await expect(remove(target, true)).rejects.toMatchObject(named("AccessDenied"));
    const off = { ...target, LegalHold: { Status: "OFF" as const } };
    await s3.send(new S3.PutObjectLegalHoldCommand(off));
    await remove(target, false);
    await expect(read(target)).rejects.toMatchObject(named("NoSuchVersion"));
  });

  it("the bucket's default → on every new object; a bucket without lock refuses", async () => {
    const Rule = { DefaultRetention: { Mode: "GOVERNANCE" as const, Days: 3 } };
    const ObjectLockConfiguration = { ObjectLockEnabled: "Enabled" as const, Rule };
    const own = { Bucket: "locked" };
    await s3.send(new S3.PutObjectLockConfigurationCommand({ ...own, ObjectLockConfiguration }));
    const answer = await s3.send(new S3.GetObjectLockConfigurationCommand(own));
    expect(answer.ObjectLockConfiguration).toEqual(ObjectLockConfiguration);
    const target = await put("by-default");
    await expect(remove(target, false)).rejects.toMatchObject(named("AccessDenied"));
    await expect(
      s3.send(
        new S3.PutObjectCommand({ Bucket: "plain", Key: "x", Body: "x", ...lock("GOVERNANCE") }),
      ),
    ).rejects.toMatchObject(named("InvalidRequest"));
  });
});
