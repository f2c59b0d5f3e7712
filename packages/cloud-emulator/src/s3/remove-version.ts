/** What DeleteObject and DeleteObjects do to one key: a delete marker, or the end of a version that no lock holds. */
import { S3Error } from "../errors.ts";
import type { ObjectMeta } from "../store/objects.ts";
import type { S3Call } from "./operation.ts";

export interface Removal {
  readonly versionId: string | null;
  readonly deleteMarker: boolean;
}

const isLocked = (meta: ObjectMeta, bypassGovernance: boolean): boolean => {
  if (meta.legalHold) return true;
  const { retention } = meta;
  if (retention === null || Date.parse(retention.retainUntil) <= Date.now()) return false;
  return retention.mode === "COMPLIANCE" || !bypassGovernance;
};

export const removeVersion = async (
  call: S3Call,
  key: string,
  versionId: string | null,
): Promise<Removal> => {
  const bucket = call.buckets.get(call.bucketName);
  if (versionId === null && bucket.versioning !== null) {
    const marker = call.objects.putDeleteMarker(bucket, key);
    return { versionId: marker.versionId, deleteMarker: true };
  }
  const version = call.objects.version(bucket.name, key, versionId ?? "null");
  if (version === undefined) return { versionId, deleteMarker: false };
  if (isLocked(version.meta, call.headers["x-amz-bypass-governance-retention"] === "true"))
    throw new S3Error("AccessDenied", "Access Denied because object protected by object lock.");
  call.objects.drop(version);
  if (version.blobId !== "") await call.blobs.remove(version.blobId);
  return { versionId, deleteMarker: version.deleteMarker };
};
