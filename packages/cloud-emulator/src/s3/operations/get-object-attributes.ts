/** GetObjectAttributes. */
import { findVersion } from "../find-version.ts";
import { versionHeaders } from "../object-headers.ts";
import type { S3Operation } from "../operation.ts";
import { leaf, node, xmlDocument } from "../xml.ts";

export const getObjectAttributes: S3Operation = {
  name: "GetObjectAttributes",
  method: "GET",
  level: "object",
  query: ["attributes"],
  execute(call) {
    const version = findVersion(call);
    const { meta } = version;
    const checksums = Object.entries(meta.checksums).map(([name, value]) =>
      leaf(`Checksum${name.toUpperCase()}`, value),
    );
    return {
      headers: {
        "last-modified": new Date(version.modifiedAtMs).toUTCString(),
        ...versionHeaders(version),
      },
      body: xmlDocument(
        "GetObjectAttributesResponse",
        leaf("ETag", version.etag.replaceAll('"', "")),
        checksums.length === 0
          ? ""
          : node("Checksum", ...checksums, leaf("ChecksumType", meta.checksumType)),
        meta.partBytes === null
          ? ""
          : node("ObjectParts", leaf("PartsCount", meta.partBytes.length)),
        leaf("StorageClass", meta.storageClass),
        leaf("ObjectSize", version.byteLength),
      ),
    };
  },
};
