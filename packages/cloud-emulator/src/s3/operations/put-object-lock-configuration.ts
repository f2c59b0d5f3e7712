/** PutObjectLockConfiguration: the default retention of new objects. Turns Object Lock on in a versioned bucket. */
import { S3Error } from "../../errors.ts";
import { readMode } from "../object-headers.ts";
import type { S3Operation } from "../operation.ts";
import { findText } from "../xml.ts";

const DAYS_PER_YEAR = 365;

export const putObjectLockConfiguration: S3Operation = {
  name: "PutObjectLockConfiguration",
  method: "PUT",
  level: "bucket",
  query: ["object-lock"],
  async execute(call) {
    const bucket = call.buckets.get(call.bucketName);
    if (bucket.versioning !== "Enabled")
      throw new S3Error("InvalidBucketState", "Versioning must be 'Enabled' on the bucket.");
    const xml = await call.readText();
    const mode = findText(xml, "Mode");
    const days = Number(
      findText(xml, "Days") ?? DAYS_PER_YEAR * Number(findText(xml, "Years") ?? 0),
    );
    if (mode !== undefined && !(days >= 1)) throw new S3Error("InvalidArgument");
    call.buckets.setDefaultRetention(
      bucket.name,
      mode === undefined ? null : { mode: readMode(mode), days },
    );
    return {};
  },
};
