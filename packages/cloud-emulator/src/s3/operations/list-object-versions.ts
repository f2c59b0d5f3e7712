/** ListObjectVersions, in one page. */
import type { ObjectVersion } from "../../store/objects.ts";
import type { S3Operation } from "../operation.ts";
import { leaf, node, xmlDocument } from "../xml.ts";

const entry = (version: ObjectVersion, isLatest: boolean): string => {
  const common = [
    leaf("Key", version.key),
    leaf("VersionId", version.versionId),
    leaf("IsLatest", isLatest),
    leaf("LastModified", new Date(version.modifiedAtMs).toISOString()),
  ];
  if (version.deleteMarker) return node("DeleteMarker", ...common);
  return node(
    "Version",
    ...common,
    leaf("ETag", version.etag),
    leaf("Size", version.byteLength),
    leaf("StorageClass", version.meta.storageClass),
  );
};

export const listObjectVersions: S3Operation = {
  name: "ListObjectVersions",
  method: "GET",
  level: "bucket",
  query: ["versions"],
  execute({ buckets, objects, bucketName, query }) {
    buckets.get(bucketName);
    const prefix = query.get("prefix") ?? "";
    const versions = objects.versions(bucketName, prefix);
    return {
      body: xmlDocument(
        "ListVersionsResult",
        leaf("Name", bucketName),
        leaf("Prefix", prefix),
        leaf("IsTruncated", false),
        ...versions.map((version, index) =>
          entry(version, versions[index - 1]?.key !== version.key),
        ),
      ),
    };
  },
};
