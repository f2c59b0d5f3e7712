/** DeleteBucket: only an empty one, versions and delete markers counted. */
import { S3Error } from "../../errors.ts";
import type { S3Operation } from "../operation.ts";

export const deleteBucket: S3Operation = {
  name: "DeleteBucket",
  method: "DELETE",
  level: "bucket",
  execute({ buckets, objects, bucketName }) {
    const { name } = buckets.get(bucketName);
    if (!objects.isEmpty(name)) throw new S3Error("BucketNotEmpty");
    buckets.remove(name);
    return { httpStatus: 204 };
  },
};
