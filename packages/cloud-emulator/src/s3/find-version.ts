/** The version a request means: `versionId`, or the latest that is no delete marker. */
import { S3Error } from "../errors.ts";
import type { ObjectVersion } from "../store/objects.ts";
import type { S3Call, S3State } from "./operation.ts";

export const findVersionOf = (
  state: S3State,
  bucketName: string,
  key: string,
  versionId: string | null,
): ObjectVersion => {
  const { name } = state.buckets.get(bucketName);
  if (versionId !== null) {
    const version = state.objects.version(name, key, versionId);
    if (version === undefined) throw new S3Error("NoSuchVersion");
    if (version.deleteMarker)
      throw new S3Error("MethodNotAllowed", undefined, { "x-amz-delete-marker": "true" });
    return version;
  }
  const latest = state.objects.latest(name, key);
  if (latest === undefined) throw new S3Error("NoSuchKey");
  if (latest.deleteMarker)
    throw new S3Error("NoSuchKey", undefined, { "x-amz-delete-marker": "true" });
  return latest;
};

export const findVersion = (call: S3Call): ObjectVersion =>
  findVersionOf(call, call.bucketName, call.key, call.query.get("versionId"));
