/** HeadObject: archived objects too. */
import { checkRead } from "../conditions.ts";
import { findVersion } from "../find-version.ts";
import { objectHeaders } from "../object-headers.ts";
import type { S3Operation } from "../operation.ts";

export const headObject: S3Operation = {
  name: "HeadObject",
  method: "HEAD",
  level: "object",
  execute(call) {
    const version = findVersion(call);
    if (checkRead(call.headers, version) === "notModified")
      return { httpStatus: 304, headers: { etag: version.etag } };
    return {
      headers: {
        ...objectHeaders(version, call.headers["x-amz-checksum-mode"] === "ENABLED"),
        "content-length": String(version.byteLength),
      },
    };
  },
};
