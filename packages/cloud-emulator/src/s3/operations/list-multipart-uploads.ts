/** ListMultipartUploads, in one page. */
import type { S3Operation } from "../operation.ts";
import { leaf, node, xmlDocument } from "../xml.ts";

export const listMultipartUploads: S3Operation = {
  name: "ListMultipartUploads",
  method: "GET",
  level: "bucket",
  query: ["uploads"],
  execute({ buckets, uploads, bucketName, query }) {
    buckets.get(bucketName);
    return {
      body: xmlDocument(
        "ListMultipartUploadsResult",
        leaf("Bucket", bucketName),
        leaf("IsTruncated", false),
        ...uploads
          .list(bucketName, query.get("prefix") ?? "")
          .map(({ key, id, createdAtMs }) =>
            node(
              "Upload",
              leaf("Key", key),
              leaf("UploadId", id),
              leaf("Initiated", new Date(createdAtMs).toISOString()),
            ),
          ),
      ),
    };
  },
};
