/** The emulator's tables: everything but the objects' bytes. One process, one connection. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { SQLInputValue, SQLOutputValue } from "node:sqlite";
import assert from "node:assert/strict";

const SCHEMA = `
  create table if not exists buckets (
    name text primary key, created_at integer not null, versioning text, object_lock text) strict;
  create table if not exists objects (
    seq integer primary key autoincrement, bucket text not null, key text not null, version_id text not null,
    delete_marker integer not null, byte_length integer not null, etag text not null, blob_id text not null,
    meta text not null, modified_at integer not null, unique (bucket, key, version_id)) strict;
  create index if not exists objects_by_key on objects (bucket, key, seq desc);
  create index if not exists objects_by_blob on objects (blob_id);
  create table if not exists uploads (
    id text primary key, bucket text not null, key text not null, meta text not null, created_at integer not null) strict;
  create table if not exists parts (
    upload_id text not null, number integer not null, byte_length integer not null, etag text not null,
    blob_id text not null, checksums text not null, modified_at integer not null, primary key (upload_id, number)) strict;
  create index if not exists parts_by_blob on parts (blob_id);
  create table if not exists kms_keys (id text primary key, state text not null) strict;
  create table if not exists kms_aliases (name text primary key, key_id text not null) strict;
`;

export type Row = Readonly<Record<string, SQLOutputValue>>;

export interface Database {
  all(sql: string, ...values: SQLInputValue[]): readonly Row[];
  one(sql: string, ...values: SQLInputValue[]): Row | undefined;
  run(sql: string, ...values: SQLInputValue[]): void;
  /** All or nothing, and on disk when it returns. `work` is synchronous, so nothing runs in between. */
  transact<T>(work: () => T): T;
  close(): void;
}

export const openDatabase = (directory: string): Database => {
  const sqlite = new DatabaseSync(join(directory, "emulator.sqlite"));
  // FULL: a commit is on disk before it returns, which is what a 200 promises.
  sqlite.exec(`pragma journal_mode = wal; pragma synchronous = full; ${SCHEMA}`);
  const prepared = new Map<string, ReturnType<DatabaseSync["prepare"]>>();
  const prepare = (sql: string) => {
    const statement = prepared.get(sql) ?? sqlite.prepare(sql);
    prepared.set(sql, statement);
    return statement;
  };
  return {
    all: (sql, ...values) => prepare(sql).all(...values),
    one: (sql, ...values) => prepare(sql).get(...values),
    run: (sql, ...values) => void prepare(sql).run(...values),
    transact(work) {
      sqlite.exec("begin immediate");
      try {
        const result = work();
        sqlite.exec("commit");
        return result;
      } catch (error) {
        sqlite.exec("rollback");
        throw error;
      }
    },
    close: () => sqlite.close(),
  };
};

export const textOf = (row: Row, column: string): string => {
  const value = row[column];
  assert(typeof value === "string", `${column} is no text`);
  return value;
};

export const textOrNull = (row: Row, column: string): string | null =>
  row[column] === null ? null : textOf(row, column);

export const numberOf = (row: Row, column: string): number => {
  const value = row[column];
  assert(typeof value === "number", `${column} is no number`);
  return value;
};

/** JSON that only this package writes, so its shape is known. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names the shape it wrote
export const jsonOf = <T>(row: Row, column: string): T => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by the same package, read nowhere else
  return JSON.parse(textOf(row, column)) as T;
};
