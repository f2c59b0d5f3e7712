/** DeleteObjectTagging. */
import { findVersion } from "../find-version.ts";
import type { S3Operation } from "../operation.ts";

export const deleteObjectTagging: S3Operation = {
  name: "DeleteObjectTagging",
  method: "DELETE",
  level: "object",
  query: ["tagging"],
  execute(call) {
    const version = findVersion(call);
    call.objects.saveMeta(version, { ...version.meta, tags: [] });
    return { httpStatus: 204 };
  },
};
