/** Conditional requests: If-Match and If-None-Match on writes and reads. */
import { S3Error } from "../errors.ts";
import type { Headers } from "../http/receive-blob.ts";
import type { ObjectVersion } from "../store/objects.ts";

const bare = (etag: string): string => etag.trim().replace(/^"|"$/g, "");

const matches = (condition: string, version: ObjectVersion): boolean =>
  condition === "*" || condition.split(",").some((etag) => bare(etag) === bare(version.etag));

/** For PUT and CompleteMultipartUpload; `current` is the latest version, or nothing. */
export const checkWrite = (headers: Headers, current: ObjectVersion | undefined): void => {
  const live = current === undefined || current.deleteMarker ? undefined : current;
  const ifNoneMatch = headers["if-none-match"];
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch !== "*")
      throw new S3Error("NotImplemented", "If-None-Match takes only * on writes.");
    if (live !== undefined) throw new S3Error("PreconditionFailed");
  }
  const ifMatch = headers["if-match"];
  if (ifMatch === undefined) return;
  if (live === undefined) throw new S3Error("NoSuchKey");
  if (!matches(ifMatch, live)) throw new S3Error("PreconditionFailed");
};

/** For GET and HEAD; "notModified" is answered with 304. */
export const checkRead = (headers: Headers, version: ObjectVersion): "ok" | "notModified" => {
  const ifMatch = headers["if-match"];
  if (ifMatch !== undefined && !matches(ifMatch, version)) throw new S3Error("PreconditionFailed");
  const ifNoneMatch = headers["if-none-match"];
  return ifNoneMatch !== undefined && matches(ifNoneMatch, version) ? "notModified" : "ok";
};
