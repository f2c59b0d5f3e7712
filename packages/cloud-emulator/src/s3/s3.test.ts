/** The S3 side, with AWS's own SDK. */
import { hash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import * as S3 from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clientsOf, startEmulator } from "../testing-emulator.ts";
import type { TestingEmulator } from "../testing-emulator.ts";

const Bucket = "plain";
const BODY = randomBytes(200_000);

let running: TestingEmulator;
let s3: S3.S3Client;
beforeAll(async () => {
  running = await startEmulator({ restoreMs: { Expedited: 1, Standard: 600_000 } });
  ({ s3 } = running);
  await s3.send(new S3.CreateBucketCommand({ Bucket }));
});
afterAll(() => running[Symbol.asyncDispose]());

const put = (Key: string, Body: string | Buffer = BODY, part = {}) =>
  s3.send(new S3.PutObjectCommand({ Bucket, Key, Body, ...part }));
const get = async (Key: string, part = {}): Promise<Buffer> => {
  const { Body: body } = await s3.send(new S3.GetObjectCommand({ Bucket, Key, ...part }));
  return Buffer.from((await body?.transformToByteArray()) ?? []);
};
const named = (name: string) => ({ name });

describe("buckets", () => {
  it("made twice → BucketAlreadyOwnedByYou; listed, headed; removed when empty only", async () => {
    const own = { Bucket: "short-lived" };
    await s3.send(new S3.CreateBucketCommand(own));
    await expect(s3.send(new S3.CreateBucketCommand(own))).rejects.toMatchObject(
      named("BucketAlreadyOwnedByYou"),
    );
    const { Buckets: buckets = [] } = await s3.send(new S3.ListBucketsCommand({}));
    expect(buckets.map(({ Name }) => Name)).toContain("short-lived");
    expect((await s3.send(new S3.HeadBucketCommand(own))).BucketRegion).toBe("us-east-1");
    await s3.send(new S3.PutObjectCommand({ ...own, Key: "k", Body: "x" }));
    await expect(s3.send(new S3.DeleteBucketCommand(own))).rejects.toMatchObject(
      named("BucketNotEmpty"),
    );
    await s3.send(new S3.DeleteObjectCommand({ ...own, Key: "k" }));
    await s3.send(new S3.DeleteBucketCommand(own));
    await expect(s3.send(new S3.HeadBucketCommand(own))).rejects.toMatchObject(named("NotFound"));
  });

  it("an operation the emulator does not do → NotImplemented, not something else", async () => {
    await expect(s3.send(new S3.GetBucketAclCommand({ Bucket }))).rejects.toMatchObject(
      named("NotImplemented"),
    );
  });
});

describe("PutObject and GetObject", () => {
  it("a buffer, and a stream in aws-chunked with a trailer → the same bytes", async () => {
    await put("a");
    const stream = Readable.from([BODY.subarray(0, 70_001), BODY.subarray(70_001)]);
    await s3.send(
      new S3.PutObjectCommand({ Bucket, Key: "st", Body: stream, ContentLength: BODY.length }),
    );
    expect(BODY.equals(await get("a"))).toBe(true);
    expect(BODY.equals(await get("st"))).toBe(true);
    expect((await s3.send(new S3.HeadObjectCommand({ Bucket, Key: "a" }))).ETag).toBe(
      `"${hash("md5", BODY)}"`,
    );
  });

  it.each(["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const)(
    "%s → kept, given back, and refused when wrong",
    async (name) => {
      const field = `Checksum${name}` as const;
      if (name === "CRC64NVME") {
        // The published check value of CRC-64/NVME.
        await put("sum", "123456789", { ChecksumCRC64NVME: "rosUhgp5mIg=" });
      } else await put("sum", BODY, { ChecksumAlgorithm: name });
      const head = await s3.send(
        new S3.HeadObjectCommand({ Bucket, Key: "sum", ChecksumMode: "ENABLED" }),
      );
      expect(head[field]).toBeTypeOf("string");
      await expect(put("bad", BODY, { [field]: "AAAAAA==" })).rejects.toMatchObject(
        named("BadDigest"),
      );
      await expect(get("bad")).rejects.toMatchObject(named("NoSuchKey"));
    },
  );

  it("metadata, type and class → given back", async () => {
    await put("meta", "x", {
      Metadata: { tape: "RHS001L8" },
      ContentType: "text/plain",
      StorageClass: "STANDARD_IA",
    });
    expect(await s3.send(new S3.HeadObjectCommand({ Bucket, Key: "meta" }))).toMatchObject({
      Metadata: { tape: "RHS001L8" },
      ContentType: "text/plain",
      StorageClass: "STANDARD_IA",
      ContentLength: 1,
    });
  });
});

describe("conditions, ranges and signatures", () => {
  it("If-None-Match: * on a key that exists, If-Match with another ETag → PreconditionFailed", async () => {
    await put("cond", "first");
    await expect(put("cond", "second", { IfNoneMatch: "*" })).rejects.toMatchObject(
      named("PreconditionFailed"),
    );
    await expect(put("cond", "second", { IfMatch: '"0123"' })).rejects.toMatchObject(
      named("PreconditionFailed"),
    );
    expect((await get("cond")).toString()).toBe("first");
  });

  it.each([
    ["bytes=1000-1999", 1000, 2000],
    ["bytes=199990-", 199_990, 200_000],
    ["bytes=-10", 199_990, 200_000],
    ["bytes=199990-999999", 199_990, 200_000],
  ])("range %s → those bytes", async (Range, start, end) => {
    await put("ranged");
    expect(BODY.subarray(start, end).equals(await get("ranged", { Range }))).toBe(true);
  });

  it("a range behind the end → InvalidRange", async () => {
    await put("ranged");
    await expect(get("ranged", { Range: "bytes=200000-" })).rejects.toMatchObject(
      named("InvalidRange"),
    );
  });

  it("a wrong secret, an unknown key id → refused", async () => {
    const { s3: wrong } = clientsOf(running.endpoint, "wrong");
    await expect(wrong.send(new S3.GetObjectCommand({ Bucket, Key: "a" }))).rejects.toMatchObject(
      named("SignatureDoesNotMatch"),
    );
    const response = await fetch(`${running.endpoint}/${Bucket}/a`);
    expect(response.status).toBe(403);
  });
});

describe("ListObjectsV2", () => {
  it("prefix, delimiter and pages of any size → every key and prefix once, in order", async () => {
    const keys = ["l/a", "l/b/1", "l/b/2", "l/c", "l/d/1", "l/e", "l/ü"];
    for (const key of keys) await put(key, "x");
    await put("m", "x");
    for (const MaxKeys of [1, 2, 3, 7]) {
      const found: (string | undefined)[] = [];
      const pages = S3.paginateListObjectsV2(
        { client: s3, pageSize: MaxKeys },
        { Bucket, Prefix: "l/", Delimiter: "/" },
      );
      for await (const page of pages) {
        found.push(...(page.Contents ?? []).map(({ Key }) => Key));
        found.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix));
      }
      expect(new Set(found)).toEqual(new Set(["l/a", "l/b/", "l/c", "l/d/", "l/e", "l/ü"]));
      expect(found).toHaveLength(6);
    }
    const { Contents: all = [] } = await s3.send(
      new S3.ListObjectsV2Command({ Bucket, Prefix: "l/", StartAfter: "l/b/2" }),
    );
    expect(all.map(({ Key }) => Key)).toEqual(["l/c", "l/d/1", "l/e", "l/ü"]);
  });
});

describe("copying and removing", () => {
  it("CopyObject to another class → the same bytes and metadata", async () => {
    await put("source", BODY, { Metadata: { a: "b" } });
    await s3.send(
      new S3.CopyObjectCommand({
        Bucket,
        Key: "copy",
        CopySource: `${Bucket}/source`,
        StorageClass: "GLACIER_IR",
      }),
    );
    expect(BODY.equals(await get("copy"))).toBe(true);
    expect(await s3.send(new S3.HeadObjectCommand({ Bucket, Key: "copy" }))).toMatchObject({
      Metadata: { a: "b" },
      StorageClass: "GLACIER_IR",
    });
  });

  it("DeleteObjects → gone, and deleting again succeeds", async () => {
    await put("d&1", "x");
    const Delete = { Objects: [{ Key: "d&1" }, { Key: "never" }] };
    const { Deleted: deleted } = await s3.send(new S3.DeleteObjectsCommand({ Bucket, Delete }));
    expect(deleted).toHaveLength(2);
    await expect(get("d&1")).rejects.toMatchObject(named("NoSuchKey"));
  });

  it("tags → kept and removed", async () => {
    await put("tagged", "x");
    const target = { Bucket, Key: "tagged" };
    const TagSet = [{ Key: "k", Value: "<v>" }];
    await s3.send(new S3.PutObjectTaggingCommand({ ...target, Tagging: { TagSet } }));
    expect((await s3.send(new S3.GetObjectTaggingCommand(target))).TagSet).toEqual(TagSet);
    await s3.send(new S3.DeleteObjectTaggingCommand(target));
    expect((await s3.send(new S3.GetObjectTaggingCommand(target))).TagSet).toEqual([]);
  });
});

const restore = (Key: string, Tier: "Expedited" | "Standard") =>
  s3.send(
    new S3.RestoreObjectCommand({
      Bucket,
      Key,
      RestoreRequest: { Days: 1, GlacierJobParameters: { Tier } },
    }),
  );
const status = async (Key: string) =>
  (await s3.send(new S3.HeadObjectCommand({ Bucket, Key }))).Restore;

describe("an archived object", () => {
  it("not restored, or not yet → InvalidObjectState", async () => {
    await put("frozen", BODY, { StorageClass: "GLACIER" });
    await expect(get("frozen")).rejects.toMatchObject(named("InvalidObjectState"));
    await restore("frozen", "Standard");
    expect(await status("frozen")).toBe('ongoing-request="true"');
    await expect(restore("frozen", "Standard")).rejects.toMatchObject(
      named("RestoreAlreadyInProgress"),
    );
    await expect(get("frozen")).rejects.toMatchObject(named("InvalidObjectState"));
  });

  it("restored → readable", async () => {
    await put("thawed", BODY, { StorageClass: "GLACIER" });
    await restore("thawed", "Expedited");
    await expect.poll(() => status("thawed")).toMatch(/^ongoing-request="false"/);
    expect(BODY.equals(await get("thawed"))).toBe(true);
  });

  it("DEEP_ARCHIVE, Expedited → InvalidArgument", async () => {
    await put("deep", "x", { StorageClass: "DEEP_ARCHIVE" });
    await expect(restore("deep", "Expedited")).rejects.toMatchObject(named("InvalidArgument"));
  });
});
