/** GetObject: whole or one range; archived objects only while restored. */
import { S3Error } from "../../errors.ts";
import type { BlobRange } from "../../store/blobs.ts";
import { isReadable } from "../archive.ts";
import { readRange } from "../byte-range.ts";
import { checkRead } from "../conditions.ts";
import { findVersion } from "../find-version.ts";
import { objectHeaders } from "../object-headers.ts";
import type { S3Operation } from "../operation.ts";

export const getObject: S3Operation = {
  name: "GetObject",
  method: "GET",
  level: "object",
  async execute(call) {
    const version = findVersion(call);
    if (checkRead(call.headers, version) === "notModified")
      return { httpStatus: 304, headers: { etag: version.etag } };
    if (!isReadable(version.meta, Date.now()))
      throw new S3Error("InvalidObjectState", undefined, {
        "x-amz-storage-class": version.meta.storageClass,
      });
    const asked = readRange(call.headers["range"], version.byteLength);
    const range: BlobRange = asked ?? { offset: 0, byteLength: version.byteLength };
    const withChecksums = asked === null && call.headers["x-amz-checksum-mode"] === "ENABLED";
    const last = range.offset + range.byteLength - 1;
    return {
      httpStatus: asked === null ? 200 : 206,
      headers: {
        ...objectHeaders(version, withChecksums),
        "content-length": String(range.byteLength),
        ...(asked === null
          ? {}
          : { "content-range": `bytes ${range.offset}-${last}/${version.byteLength}` }),
      },
      body: await call.blobs.read(version.blobId, range),
    };
  },
};
