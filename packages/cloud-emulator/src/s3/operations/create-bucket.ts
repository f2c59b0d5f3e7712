/** CreateBucket. A bucket with Object Lock is versioned from the start, as in S3. */
import { S3Error } from "../../errors.ts";
import type { S3Operation } from "../operation.ts";

const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

export const createBucket: S3Operation = {
  name: "CreateBucket",
  method: "PUT",
  level: "bucket",
  execute({ buckets, bucketName, headers }) {
    if (!BUCKET_NAME.test(bucketName)) throw new S3Error("InvalidBucketName");
    if (buckets.find(bucketName) !== undefined) throw new S3Error("BucketAlreadyOwnedByYou");
    buckets.create(bucketName, headers["x-amz-bucket-object-lock-enabled"] === "true");
    return { headers: { location: `/${bucketName}` } };
  },
};
