/** UploadPart. The same number again replaces the part. */
import { checksumHeaders } from "../../checksums.ts";
import { S3Error } from "../../errors.ts";
import type { S3Operation } from "../operation.ts";

const PART_NUMBER_MAX = 10_000;

export const uploadPart: S3Operation = {
  name: "UploadPart",
  method: "PUT",
  level: "object",
  query: ["uploadId", "partNumber"],
  async execute(call) {
    if (call.headers["x-amz-copy-source"] !== undefined)
      throw new S3Error("NotImplemented", "UploadPartCopy");
    const number = Number(call.query.get("partNumber"));
    if (!Number.isInteger(number) || number < 1 || number > PART_NUMBER_MAX)
      throw new S3Error("InvalidArgument", "partNumber is 1 to 10000.");
    const { id } = call.uploads.get(call.bucketName, call.key, call.query.get("uploadId") ?? "");
    const { blobId, byteLength, md5, checksums } = await call.receiveBlob();
    const etag = `"${md5}"`;
    try {
      const replaced = call.uploads.putPart(id, { number, byteLength, etag, blobId, checksums });
      if (replaced !== null) await call.blobs.remove(replaced);
    } catch (error) {
      await call.blobs.remove(blobId);
      throw error;
    }
    return { headers: { etag, ...checksumHeaders(checksums) } };
  },
};
