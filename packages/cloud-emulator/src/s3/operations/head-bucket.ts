/** HeadBucket. */
import type { S3Operation } from "../operation.ts";

export const headBucket: S3Operation = {
  name: "HeadBucket",
  method: "HEAD",
  level: "bucket",
  execute({ buckets, bucketName, region }) {
    buckets.get(bucketName);
    return { headers: { "x-amz-bucket-region": region } };
  },
};
