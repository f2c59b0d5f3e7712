/** ListParts, in one page. */
import type { S3Operation } from "../operation.ts";
import { leaf, node, xmlDocument } from "../xml.ts";

export const listParts: S3Operation = {
  name: "ListParts",
  method: "GET",
  level: "object",
  query: ["uploadId"],
  execute({ uploads, bucketName, key, query }) {
    const { id } = uploads.get(bucketName, key, query.get("uploadId") ?? "");
    return {
      body: xmlDocument(
        "ListPartsResult",
        leaf("Bucket", bucketName),
        leaf("Key", key),
        leaf("UploadId", id),
        leaf("IsTruncated", false),
        ...uploads
          .parts(id)
          .map((part) =>
            node(
              "Part",
              leaf("PartNumber", part.number),
              leaf("ETag", part.etag),
              leaf("Size", part.byteLength),
              leaf("LastModified", new Date(part.modifiedAtMs).toISOString()),
            ),
          ),
      ),
    };
  },
};
