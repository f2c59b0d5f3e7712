/** Databases for tests, on the throw-away Postgres of service-kit: one server for all files but those that end it. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import {
  createPostgresDatabase,
  createTestPostgres,
  type TestDatabase,
  type TestServer,
} from "@reelhouse/service-kit/testing";
import { Client } from "pg";
import { afterAll, beforeAll, vi } from "vitest";

const testTimeoutMs = 60_000;

/** A server that runs, for a test that ends it. */
export async function startTestPostgres(): Promise<TestServer> {
  const server = await createTestPostgres();
  await server.start();
  return server;
}

/** Makes an empty database on the server and gives its URL. */
export async function createTestDatabase(anyUrl: string): Promise<string> {
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const client = new Client({ connectionString: anyUrl });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const url = new URL(anyUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Takes everything out of a database: much faster than another database for each test. */
export async function emptyDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query("drop schema public cascade; create schema public");
  await client.end();
}

/** A database for the tests of one file, gone after them; gives its URL. Call it at the file's top. */
export function useTestPostgres(): () => string {
  let database: TestDatabase | undefined;
  // Seconds suffice on an idle machine; one that runs all tests at once is slow.
  vi.setConfig({ testTimeout: testTimeoutMs, hookTimeout: testTimeoutMs });
  beforeAll(async () => {
    database = await createPostgresDatabase();
    await database.start();
  });
  afterAll(() => database?.remove());
  return () => {
    assert(database !== undefined, "asked before the tests began");
    return database.url;
  };
}
