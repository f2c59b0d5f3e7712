/** Objects and their versions. The row is the truth: a blob counts only while a row names it. */
import { randomBytes } from "node:crypto";
import { S3Error } from "../errors.ts";
import type { Checksums } from "../checksums.ts";
import type { Bucket, RetentionMode } from "./buckets.ts";
import { jsonOf, numberOf, textOf } from "./database.ts";
import type { Database, Row } from "./database.ts";

export interface Retention {
  readonly mode: RetentionMode;
  /** ISO 8601. */
  readonly retainUntil: string;
}

export interface RestoreState {
  readonly readyAtMs: number;
  readonly expiresAtMs: number;
}

export interface ObjectMeta {
  /** `x-amz-meta-…`, whole names. */
  readonly userMetadata: Readonly<Record<string, string>>;
  /** content-type, content-encoding and their like. */
  readonly contentHeaders: Readonly<Record<string, string>>;
  readonly storageClass: string;
  readonly checksums: Checksums;
  readonly checksumType: "FULL_OBJECT" | "COMPOSITE";
  readonly retention: Retention | null;
  readonly legalHold: boolean;
  readonly tags: readonly (readonly [string, string])[];
  readonly restore: RestoreState | null;
  /** Of a multipart object. */
  readonly partBytes: readonly number[] | null;
}

export interface ObjectVersion {
  readonly seq: number;
  readonly bucket: string;
  readonly key: string;
  /** "null" outside versioned buckets. */
  readonly versionId: string;
  readonly deleteMarker: boolean;
  readonly byteLength: number;
  /** In quotes. */
  readonly etag: string;
  readonly blobId: string;
  readonly meta: ObjectMeta;
  readonly modifiedAtMs: number;
}

export type NewObject = Pick<ObjectVersion, "key" | "byteLength" | "etag" | "blobId" | "meta">;

export interface Objects {
  latest(bucket: string, key: string): ObjectVersion | undefined;
  version(bucket: string, key: string, versionId: string): ObjectVersion | undefined;
  /** Names the blob; `check` sees the current version inside the same transaction. Returns the blob it replaced. */
  put(
    bucket: Bucket,
    object: NewObject,
    check: (current: ObjectVersion | undefined) => void,
  ): { readonly version: ObjectVersion; readonly replacedBlobId: string | null };
  putDeleteMarker(bucket: Bucket, key: string): ObjectVersion;
  /** Forgets one version; its blob is the caller's to remove. */
  drop(version: ObjectVersion): void;
  saveMeta(version: ObjectVersion, meta: ObjectMeta): void;
  isEmpty(bucket: string): boolean;
  /** Up to `limit` current objects with keys from `from` on (after it when `exclusive`), in key order. */
  page(bucket: string, from: string, exclusive: boolean, limit: number): readonly ObjectVersion[];
  versions(bucket: string, prefix: string): readonly ObjectVersion[];
  hasBlob(blobId: string): boolean;
}

const toVersion = (row: Row): ObjectVersion => ({
  seq: numberOf(row, "seq"),
  bucket: textOf(row, "bucket"),
  key: textOf(row, "key"),
  versionId: textOf(row, "version_id"),
  deleteMarker: numberOf(row, "delete_marker") === 1,
  byteLength: numberOf(row, "byte_length"),
  etag: textOf(row, "etag"),
  blobId: textOf(row, "blob_id"),
  meta: jsonOf<ObjectMeta>(row, "meta"),
  modifiedAtMs: numberOf(row, "modified_at"),
});

const first = (row: Row | undefined): ObjectVersion | undefined =>
  row === undefined ? undefined : toVersion(row);

const newVersionId = (bucket: Bucket): string =>
  bucket.versioning === "Enabled" ? randomBytes(16).toString("hex") : "null";

const INSERT =
  "insert into objects (bucket, key, version_id, delete_marker, byte_length, etag, blob_id, meta, modified_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)";

export const EMPTY_META: ObjectMeta = {
  userMetadata: {},
  contentHeaders: {},
  storageClass: "STANDARD",
  checksums: {},
  checksumType: "FULL_OBJECT",
  retention: null,
  legalHold: false,
  tags: [],
  restore: null,
  partBytes: null,
};

const findLatest = (database: Database, bucket: string, key: string): ObjectVersion | undefined =>
  first(
    database.one(
      "select * from objects where bucket = ? and key = ? order by seq desc limit 1",
      bucket,
      key,
    ),
  );

const findVersion = (
  database: Database,
  bucket: string,
  key: string,
  versionId: string,
): ObjectVersion | undefined =>
  first(
    database.one(
      "select * from objects where bucket = ? and key = ? and version_id = ?",
      bucket,
      key,
      versionId,
    ),
  );

const insert = (
  database: Database,
  bucket: Bucket,
  object: NewObject,
  deleteMarker: boolean,
): { version: ObjectVersion; replacedBlobId: string | null } => {
  const versionId = newVersionId(bucket);
  const replaced =
    versionId === "null" ? findVersion(database, bucket.name, object.key, versionId) : undefined;
  if (replaced !== undefined) database.run("delete from objects where seq = ?", replaced.seq);
  database.run(
    INSERT,
    bucket.name,
    object.key,
    versionId,
    deleteMarker ? 1 : 0,
    object.byteLength,
    object.etag,
    object.blobId,
    JSON.stringify(object.meta),
    Date.now(),
  );
  const version = findVersion(database, bucket.name, object.key, versionId);
  if (version === undefined) throw new S3Error("InternalError");
  const replacedBlobId = replaced?.blobId ?? "";
  return { version, replacedBlobId: replacedBlobId === "" ? null : replacedBlobId };
};

/** Comparisons of keys are SQLite's, by UTF-8 bytes, as S3's are. */
export const openObjects = (database: Database): Objects => {
  return {
    latest: (bucket, key) => findLatest(database, bucket, key),
    version: (bucket, key, versionId) => findVersion(database, bucket, key, versionId),
    put: (bucket, object, check) =>
      database.transact(() => {
        check(findLatest(database, bucket.name, object.key));
        return insert(database, bucket, object, false);
      }),
    putDeleteMarker: (bucket, key) =>
      database.transact(
        () =>
          insert(
            database,
            bucket,
            { key, byteLength: 0, etag: "", blobId: "", meta: EMPTY_META },
            true,
          ).version,
      ),
    drop: ({ seq }) => database.run("delete from objects where seq = ?", seq),
    saveMeta: ({ seq }, meta) =>
      database.run("update objects set meta = ? where seq = ?", JSON.stringify(meta), seq),
    isEmpty: (bucket) =>
      database.one("select 1 from objects where bucket = ? limit 1", bucket) === undefined,
    page: (bucket, from, exclusive, limit) =>
      database
        .all(
          `select o.* from objects o where bucket = ? and key ${exclusive ? ">" : ">="} ? and delete_marker = 0
           and seq = (select max(seq) from objects where bucket = o.bucket and key = o.key)
           order by key limit ?`,
          bucket,
          from,
          limit,
        )
        .map(toVersion),
    versions: (bucket, prefix) =>
      database
        .all(
          "select * from objects where bucket = ? and key >= ? order by key, seq desc",
          bucket,
          prefix,
        )
        .map(toVersion)
        .filter(({ key }) => key.startsWith(prefix)),
    hasBlob: (blobId) =>
      database.one("select 1 from objects where blob_id = ? limit 1", blobId) !== undefined,
  };
};
