/** GetBucketVersioning. */
import type { S3Operation } from "../operation.ts";
import { leaf, xmlDocument } from "../xml.ts";

export const getBucketVersioning: S3Operation = {
  name: "GetBucketVersioning",
  method: "GET",
  level: "bucket",
  query: ["versioning"],
  execute: ({ buckets, bucketName }) => ({
    body: xmlDocument(
      "VersioningConfiguration",
      leaf("Status", buckets.get(bucketName).versioning),
    ),
  }),
};
