/** GetBucketLocation. us-east-1 is written as nothing. */
import type { S3Operation } from "../operation.ts";
import { xmlDocument } from "../xml.ts";

export const getBucketLocation: S3Operation = {
  name: "GetBucketLocation",
  method: "GET",
  level: "bucket",
  query: ["location"],
  execute({ buckets, bucketName, region }) {
    buckets.get(bucketName);
    return { body: xmlDocument("LocationConstraint", region === "us-east-1" ? "" : region) };
  },
};
