/** CopyObject: also the way to change an object's storage class or metadata. */
import { createHash } from "node:crypto";
import { S3Error } from "../../errors.ts";
import type { ObjectMeta, ObjectVersion } from "../../store/objects.ts";
import { isReadable } from "../archive.ts";
import { checkWrite } from "../conditions.ts";
import { findVersionOf } from "../find-version.ts";
import { nameBlob } from "../name-blob.ts";
import { metaFromHeaders, storedHeaders } from "../object-headers.ts";
import type { S3Call, S3Operation } from "../operation.ts";
import { leaf, xmlDocument } from "../xml.ts";

const COPY_SOURCE = /^\/?([^/]+)\/([^?]+)(?:\?versionId=(.+))?$/;

const findSource = (call: S3Call): ObjectVersion => {
  const match = COPY_SOURCE.exec(call.headers["x-amz-copy-source"] ?? "");
  if (match === null) throw new S3Error("InvalidArgument", "x-amz-copy-source");
  const [, bucketName = "", key = "", versionId] = match;
  return findVersionOf(call, bucketName, decodeURIComponent(key), versionId ?? null);
};

const mergeMeta = (call: S3Call, asked: ObjectMeta, source: ObjectMeta): ObjectMeta => {
  const replace = call.headers["x-amz-metadata-directive"] === "REPLACE";
  const replaceTags = call.headers["x-amz-tagging-directive"] === "REPLACE";
  // The copy is one object, whatever the source was made of: a composite checksum does not fit it.
  const checksums = source.checksumType === "FULL_OBJECT" ? source.checksums : {};
  return {
    ...asked,
    userMetadata: replace ? asked.userMetadata : source.userMetadata,
    contentHeaders: replace ? asked.contentHeaders : source.contentHeaders,
    tags: replaceTags ? asked.tags : source.tags,
    checksums,
  };
};

export const copyObject: S3Operation = {
  name: "CopyObject",
  method: "PUT",
  level: "object",
  header: "x-amz-copy-source",
  async execute(call) {
    const bucket = call.buckets.get(call.bucketName);
    const source = findSource(call);
    if (!isReadable(source.meta, Date.now())) throw new S3Error("ObjectNotInActiveTierError");
    checkWrite(call.headers, call.objects.latest(bucket.name, call.key));
    const meta = mergeMeta(call, metaFromHeaders(call.headers, bucket), source.meta);
    const md5 = createHash("md5");
    const range = { offset: 0, byteLength: source.byteLength };
    const bytes = await call.blobs.read(source.blobId, range);
    async function* hashed() {
      for await (const chunk of bytes) {
        md5.update(chunk);
        yield chunk;
      }
    }
    const blobId = await call.blobs.create(hashed());
    const version = await nameBlob(call, bucket, {
      key: call.key,
      byteLength: source.byteLength,
      etag: `"${md5.digest("hex")}"`,
      blobId,
      meta,
    });
    return {
      headers: storedHeaders(version),
      body: xmlDocument(
        "CopyObjectResult",
        leaf("ETag", version.etag),
        leaf("LastModified", new Date(version.modifiedAtMs).toISOString()),
      ),
    };
  },
};
