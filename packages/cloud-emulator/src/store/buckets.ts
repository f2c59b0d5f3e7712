/** Buckets, their versioning and their Object Lock configuration. */
import { S3Error } from "../errors.ts";
import { jsonOf, numberOf, textOf, textOrNull } from "./database.ts";
import type { Database, Row } from "./database.ts";

export type RetentionMode = "GOVERNANCE" | "COMPLIANCE";

export interface DefaultRetention {
  readonly mode: RetentionMode;
  readonly days: number;
}

export interface Bucket {
  readonly name: string;
  readonly createdAtMs: number;
  readonly versioning: "Enabled" | "Suspended" | null;
  /** null: the bucket was made without Object Lock. */
  readonly objectLock: { readonly defaultRetention: DefaultRetention | null } | null;
}

export interface Buckets {
  list(): readonly Bucket[];
  find(name: string): Bucket | undefined;
  /** NoSuchBucket if there is none. */
  get(name: string): Bucket;
  create(name: string, objectLock: boolean): void;
  remove(name: string): void;
  setVersioning(name: string, versioning: "Enabled" | "Suspended"): void;
  setDefaultRetention(name: string, retention: DefaultRetention | null): void;
}

const toBucket = (row: Row): Bucket => {
  const versioning = textOrNull(row, "versioning");
  return {
    name: textOf(row, "name"),
    createdAtMs: numberOf(row, "created_at"),
    versioning: versioning === "Enabled" || versioning === "Suspended" ? versioning : null,
    objectLock: row["object_lock"] === null ? null : jsonOf(row, "object_lock"),
  };
};

export const openBuckets = (database: Database): Buckets => {
  const find = (name: string) => {
    const row = database.one("select * from buckets where name = ?", name);
    return row === undefined ? undefined : toBucket(row);
  };
  return {
    list: () => database.all("select * from buckets order by name").map(toBucket),
    find,
    get(name) {
      const bucket = find(name);
      if (bucket === undefined) throw new S3Error("NoSuchBucket");
      return bucket;
    },
    create: (name, objectLock) =>
      database.run(
        "insert into buckets values (?, ?, ?, ?)",
        name,
        Date.now(),
        objectLock ? "Enabled" : null,
        objectLock ? JSON.stringify({ defaultRetention: null }) : null,
      ),
    remove: (name) => database.run("delete from buckets where name = ?", name),
    setVersioning: (name, versioning) =>
      database.run("update buckets set versioning = ? where name = ?", versioning, name),
    setDefaultRetention: (name, defaultRetention) =>
      database.run(
        "update buckets set object_lock = ? where name = ?",
        JSON.stringify({ defaultRetention }),
        name,
      ),
  };
};
