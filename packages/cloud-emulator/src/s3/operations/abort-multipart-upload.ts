/** AbortMultipartUpload. */
import { dropUpload } from "../drop-upload.ts";
import type { S3Operation } from "../operation.ts";

export const abortMultipartUpload: S3Operation = {
  name: "AbortMultipartUpload",
  method: "DELETE",
  level: "object",
  query: ["uploadId"],
  async execute(call) {
    const upload = call.uploads.get(call.bucketName, call.key, call.query.get("uploadId") ?? "");
    await dropUpload(call, upload.id);
    return { httpStatus: 204 };
  },
};
