/** CreateMultipartUpload. */
import { isChecksumName } from "../../checksums.ts";
import { metaFromHeaders } from "../object-headers.ts";
import type { S3Operation } from "../operation.ts";
import { leaf, xmlDocument } from "../xml.ts";

export const createMultipartUpload: S3Operation = {
  name: "CreateMultipartUpload",
  method: "POST",
  level: "object",
  query: ["uploads"],
  execute(call) {
    const bucket = call.buckets.get(call.bucketName);
    const name = (call.headers["x-amz-checksum-algorithm"] ?? "").toLowerCase();
    const full = call.headers["x-amz-checksum-type"] === "FULL_OBJECT" || name === "crc64nvme";
    const checksumType = full ? "FULL_OBJECT" : "COMPOSITE";
    const id = call.uploads.create(bucket.name, call.key, {
      object: { ...metaFromHeaders(call.headers, bucket), checksumType },
      checksumName: isChecksumName(name) ? name : null,
    });
    return {
      headers: isChecksumName(name)
        ? { "x-amz-checksum-algorithm": name.toUpperCase(), "x-amz-checksum-type": checksumType }
        : {},
      body: xmlDocument(
        "InitiateMultipartUploadResult",
        leaf("Bucket", bucket.name),
        leaf("Key", call.key),
        leaf("UploadId", id),
      ),
    };
  },
};
