/** The migrator against a real Postgres: what it applies, and what it refuses. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { migrate, MigrationError } from "./migrate.ts";
import { emptyDatabase, useTestPostgres } from "./testing-postgres.ts";

const databaseUrl = useTestPostgres();

let url: string;
let folder: string;
beforeEach(async () => {
  url = databaseUrl();
  await emptyDatabase(url);
  folder = await mkdtemp(join(tmpdir(), "reelhouse-migrations-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function migration(name: string, sql: string): Promise<void> {
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, "migration.sql"), sql);
}

async function query(sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

test("empty database → the catalogue's tables; the second time nothing is left to do", async () => {
  expect(await migrate(url)).toEqual(["0001_catalogue", "0002_exported_tapes"]);
  expect(await migrate(url)).toEqual([]);
  const tables = await query("select tablename from pg_tables where schemaname = 'public'");
  expect(tables).toContainEqual({ tablename: "tapes" });
});

test("three services start at once → each migration is applied once", async () => {
  const applied = await Promise.all([migrate(url), migrate(url), migrate(url)]);
  expect(applied.flat()).toEqual(["0001_catalogue", "0002_exported_tapes"]);
});

test("later migration added → only that one is applied, in the order of names", async () => {
  await migration("0001_a", "create table a (x int)");
  expect(await migrate(url, folder)).toEqual(["0001_a"]);
  await migration("0003_c", "alter table a rename column y to z");
  await migration("0002_b", "alter table a rename column x to y");
  expect(await migrate(url, folder)).toEqual(["0002_b", "0003_c"]);
});

test("applied migration edited → refused, database untouched", async () => {
  await migration("0001_a", "create table a (x int)");
  await migrate(url, folder);
  await migration("0001_a", "create table a (x bigint)");
  await migration("0002_b", "create table b (x int)");
  await expect(migrate(url, folder)).rejects.toThrow(/0001_a was edited/);
  await expect(migrate(url, folder)).rejects.toBeInstanceOf(MigrationError);
  expect(await query("select 1 from pg_tables where tablename = 'b'")).toEqual([]);
});

test("migration fails in the middle → all of it is undone, and a corrected one is applied", async () => {
  await migration("0001_a", "create table a (x int); create table a (x int);");
  await expect(migrate(url, folder)).rejects.toThrow(/0001_a failed.*already exists/);
  await migration("0001_a", "create table a (x int);");
  expect(await migrate(url, folder)).toEqual(["0001_a"]);
});

test("migration begun by Prisma's command line and unfinished → refused", async () => {
  await migration("0001_a", "create table a (x int)");
  await migrate(url, folder);
  await query("update _prisma_migrations set finished_at = null");
  await expect(migrate(url, folder)).rejects.toThrow(/prisma migrate resolve/);
});

test("database of a newer version → refused", async () => {
  await migration("0001_a", "create table a (x int)");
  await migration("0002_b", "create table b (x int)");
  await migrate(url, folder);
  await rm(join(folder, "0002_b"), { recursive: true });
  await expect(migrate(url, folder)).rejects.toThrow(/0002_b, which this version does not know/);
});

test("no server → the driver's error, which may be tried again", async () => {
  await expect(migrate("postgresql://nobody@127.0.0.1:1/none")).rejects.toMatchObject({
    code: "ECONNREFUSED",
  });
});
