/** DeleteObject. Deleting what is not there succeeds, as in S3. */
import type { S3Operation } from "../operation.ts";
import { removeVersion } from "../remove-version.ts";

export const deleteObject: S3Operation = {
  name: "DeleteObject",
  method: "DELETE",
  level: "object",
  async execute(call) {
    const removal = await removeVersion(call, call.key, call.query.get("versionId"));
    return {
      httpStatus: 204,
      headers: {
        ...(removal.versionId === null ? {} : { "x-amz-version-id": removal.versionId }),
        ...(removal.deleteMarker ? { "x-amz-delete-marker": "true" } : {}),
      },
    };
  },
};
