/** An object's metadata: from a request's headers, and into an answer's. */
import { checksumHeaders } from "../checksums.ts";
import { S3Error } from "../errors.ts";
import type { Headers } from "../http/receive-blob.ts";
import type { Bucket } from "../store/buckets.ts";
import { EMPTY_META } from "../store/objects.ts";
import type { ObjectMeta, ObjectVersion, Retention } from "../store/objects.ts";
import { isArchived, restoreHeader } from "./archive.ts";

const CONTENT_HEADERS = [
  "content-type",
  "cache-control",
  "content-disposition",
  "content-language",
  "expires",
] as const;
const DAY_MS = 86_400_000;

const contentHeaders = (headers: Headers): Record<string, string> => {
  const kept: Record<string, string> = {};
  for (const name of CONTENT_HEADERS) {
    const value = headers[name];
    if (value !== undefined) kept[name] = value;
  }
  const encoding = (headers["content-encoding"] ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "" && part !== "aws-chunked");
  if (encoding.length > 0) kept["content-encoding"] = encoding.join(",");
  return kept;
};

export const readMode = (mode: string | undefined): Retention["mode"] => {
  if (mode !== "GOVERNANCE" && mode !== "COMPLIANCE")
    throw new S3Error("InvalidArgument", "Unknown wormMode directive.");
  return mode;
};

/** What the request asks for, or else the bucket's default. */
const retentionOf = (headers: Headers, bucket: Bucket): Retention | null => {
  const mode = headers["x-amz-object-lock-mode"];
  const until = headers["x-amz-object-lock-retain-until-date"];
  if (mode !== undefined || until !== undefined) {
    if (bucket.objectLock === null)
      throw new S3Error("InvalidRequest", "Bucket is missing Object Lock Configuration");
    const untilMs = Date.parse(until ?? "");
    if (Number.isNaN(untilMs) || untilMs <= Date.now())
      throw new S3Error("InvalidArgument", "The retain until date must be in the future!");
    return { mode: readMode(mode), retainUntil: new Date(untilMs).toISOString() };
  }
  const standard = bucket.objectLock?.defaultRetention ?? null;
  if (standard === null) return null;
  return {
    mode: standard.mode,
    retainUntil: new Date(Date.now() + standard.days * DAY_MS).toISOString(),
  };
};

export const metaFromHeaders = (headers: Headers, bucket: Bucket): ObjectMeta => ({
  ...EMPTY_META,
  userMetadata: Object.fromEntries(
    Object.entries(headers).filter(([name]) => name.startsWith("x-amz-meta-")),
  ),
  contentHeaders: contentHeaders(headers),
  storageClass: headers["x-amz-storage-class"] ?? "STANDARD",
  retention: retentionOf(headers, bucket),
  legalHold: headers["x-amz-object-lock-legal-hold"] === "ON",
  tags: [...new URLSearchParams(headers["x-amz-tagging"] ?? "")],
});

/** `x-amz-version-id`, where there are versions. */
export const versionHeaders = (version: ObjectVersion): Record<string, string> =>
  version.versionId === "null" ? {} : { "x-amz-version-id": version.versionId };

const lockHeaders = ({ retention, legalHold }: ObjectMeta): Record<string, string> => ({
  ...(retention === null
    ? {}
    : {
        "x-amz-object-lock-mode": retention.mode,
        "x-amz-object-lock-retain-until-date": retention.retainUntil,
      }),
  ...(legalHold ? { "x-amz-object-lock-legal-hold": "ON" } : {}),
});

/** Of GetObject and HeadObject. */
export const objectHeaders = (
  version: ObjectVersion,
  withChecksums: boolean,
): Record<string, string> => {
  const { meta } = version;
  const restore = isArchived(meta) ? restoreHeader(meta, Date.now()) : null;
  return {
    etag: version.etag,
    "last-modified": new Date(version.modifiedAtMs).toUTCString(),
    "accept-ranges": "bytes",
    "content-type": "application/octet-stream",
    ...meta.contentHeaders,
    ...meta.userMetadata,
    ...versionHeaders(version),
    ...lockHeaders(meta),
    ...(meta.storageClass === "STANDARD" ? {} : { "x-amz-storage-class": meta.storageClass }),
    ...(meta.tags.length === 0 ? {} : { "x-amz-tagging-count": String(meta.tags.length) }),
    ...(restore === null ? {} : { "x-amz-restore": restore }),
    ...(withChecksums ? { ...checksumHeaders(meta.checksums), ...checksumType(meta) } : {}),
  };
};

const checksumType = (meta: ObjectMeta): Record<string, string> =>
  Object.keys(meta.checksums).length === 0 ? {} : { "x-amz-checksum-type": meta.checksumType };

/** Of PutObject, CompleteMultipartUpload and CopyObject. */
export const storedHeaders = (version: ObjectVersion): Record<string, string> => ({
  etag: version.etag,
  ...versionHeaders(version),
  ...checksumHeaders(version.meta.checksums),
  ...checksumType(version.meta),
});
