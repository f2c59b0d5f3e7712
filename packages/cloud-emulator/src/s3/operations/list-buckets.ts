/** ListBuckets. */
import type { S3Operation } from "../operation.ts";
import { leaf, node, xmlDocument } from "../xml.ts";

export const listBuckets: S3Operation = {
  name: "ListBuckets",
  method: "GET",
  level: "service",
  execute: ({ buckets }) => ({
    body: xmlDocument(
      "ListAllMyBucketsResult",
      node("Owner", leaf("ID", "emulator")),
      node(
        "Buckets",
        ...buckets
          .list()
          .map(({ name, createdAtMs }) =>
            node(
              "Bucket",
              leaf("Name", name),
              leaf("CreationDate", new Date(createdAtMs).toISOString()),
            ),
          ),
      ),
    ),
  }),
};
