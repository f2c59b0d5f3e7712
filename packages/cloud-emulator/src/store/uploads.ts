/** Multipart uploads in progress, and their parts. */
import { randomUUID } from "node:crypto";
import type { ChecksumName, Checksums } from "../checksums.ts";
import { S3Error } from "../errors.ts";
import { jsonOf, numberOf, textOf } from "./database.ts";
import type { Database, Row } from "./database.ts";
import type { ObjectMeta } from "./objects.ts";

export interface UploadMeta {
  readonly object: ObjectMeta;
  readonly checksumName: ChecksumName | null;
}

export interface Upload {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly meta: UploadMeta;
  readonly createdAtMs: number;
}

export interface Part {
  readonly number: number;
  readonly byteLength: number;
  readonly etag: string;
  readonly blobId: string;
  readonly checksums: Checksums;
  readonly modifiedAtMs: number;
}

export interface Uploads {
  create(bucket: string, key: string, meta: UploadMeta): string;
  /** NoSuchUpload if there is none of that id for that key. */
  get(bucket: string, key: string, id: string): Upload;
  list(bucket: string, prefix: string): readonly Upload[];
  parts(id: string): readonly Part[];
  /** Returns the blob it replaced. */
  putPart(id: string, part: Omit<Part, "modifiedAtMs">): string | null;
  drop(id: string): void;
  hasBlob(blobId: string): boolean;
}

const toUpload = (row: Row): Upload => ({
  id: textOf(row, "id"),
  bucket: textOf(row, "bucket"),
  key: textOf(row, "key"),
  meta: jsonOf<UploadMeta>(row, "meta"),
  createdAtMs: numberOf(row, "created_at"),
});

const toPart = (row: Row): Part => ({
  number: numberOf(row, "number"),
  byteLength: numberOf(row, "byte_length"),
  etag: textOf(row, "etag"),
  blobId: textOf(row, "blob_id"),
  checksums: jsonOf<Checksums>(row, "checksums"),
  modifiedAtMs: numberOf(row, "modified_at"),
});

export const openUploads = (database: Database): Uploads => ({
  create(bucket, key, meta) {
    const id = randomUUID();
    database.run(
      "insert into uploads values (?, ?, ?, ?, ?)",
      id,
      bucket,
      key,
      JSON.stringify(meta),
      Date.now(),
    );
    return id;
  },
  get(bucket, key, id) {
    const row = database.one(
      "select * from uploads where id = ? and bucket = ? and key = ?",
      id,
      bucket,
      key,
    );
    if (row === undefined) throw new S3Error("NoSuchUpload");
    return toUpload(row);
  },
  list: (bucket, prefix) =>
    database
      .all("select * from uploads where bucket = ? order by key, created_at", bucket)
      .map(toUpload)
      .filter(({ key }) => key.startsWith(prefix)),
  parts: (id) =>
    database.all("select * from parts where upload_id = ? order by number", id).map(toPart),
  putPart: (id, part) =>
    database.transact(() => {
      if (database.one("select 1 from uploads where id = ?", id) === undefined)
        throw new S3Error("NoSuchUpload");
      const old = database.one(
        "select blob_id from parts where upload_id = ? and number = ?",
        id,
        part.number,
      );
      database.run(
        "insert or replace into parts values (?, ?, ?, ?, ?, ?, ?)",
        id,
        part.number,
        part.byteLength,
        part.etag,
        part.blobId,
        JSON.stringify(part.checksums),
        Date.now(),
      );
      return old === undefined ? null : textOf(old, "blob_id");
    }),
  drop: (id) =>
    database.transact(() => {
      database.run("delete from parts where upload_id = ?", id);
      database.run("delete from uploads where id = ?", id);
    }),
  hasBlob: (blobId) =>
    database.one("select 1 from parts where blob_id = ? limit 1", blobId) !== undefined,
});
