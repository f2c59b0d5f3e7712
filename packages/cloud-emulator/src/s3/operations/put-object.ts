/** PutObject: 200 when bytes and row are on disk. Conditions are checked before the body is read, and again at the end. */
import { checkWrite } from "../conditions.ts";
import { nameBlob } from "../name-blob.ts";
import { metaFromHeaders, storedHeaders } from "../object-headers.ts";
import type { S3Operation } from "../operation.ts";

export const putObject: S3Operation = {
  name: "PutObject",
  method: "PUT",
  level: "object",
  async execute(call) {
    const bucket = call.buckets.get(call.bucketName);
    checkWrite(call.headers, call.objects.latest(bucket.name, call.key));
    const meta = metaFromHeaders(call.headers, bucket);
    const { blobId, byteLength, md5, checksums } = await call.receiveBlob();
    const version = await nameBlob(call, bucket, {
      key: call.key,
      byteLength,
      etag: `"${md5}"`,
      blobId,
      meta: { ...meta, checksums },
    });
    return { headers: storedHeaders(version) };
  },
};
