/** PutBucketVersioning. */
import { S3Error } from "../../errors.ts";
import type { S3Operation } from "../operation.ts";
import { findText } from "../xml.ts";

export const putBucketVersioning: S3Operation = {
  name: "PutBucketVersioning",
  method: "PUT",
  level: "bucket",
  query: ["versioning"],
  async execute(call) {
    const bucket = call.buckets.get(call.bucketName);
    const status = findText(await call.readText(), "Status");
    if (status !== "Enabled" && status !== "Suspended") throw new S3Error("MalformedXML");
    if (bucket.objectLock !== null && status === "Suspended")
      throw new S3Error("InvalidBucketState", "Object Lock needs versioning.");
    call.buckets.setVersioning(bucket.name, status);
    return {};
  },
};
