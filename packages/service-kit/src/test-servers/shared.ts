/**
 * For tests only: a database on the one server that all files of a run share, for tests that leave it running. A file
 * that runs without the others (no vitest.config.ts) gets a server of its own.
 */
import { randomUUID } from "node:crypto";
import { createTestPostgres, queryPostgres, wipePostgresQueue } from "./postgres.ts";
import { createTestRedis, redisSource, withRedis } from "./redis.ts";
import type { TestDatabase } from "./test-server.ts";
import { given } from "./used.ts";

/** Redis has 16 by default; 0 keeps the count. */
const redisDatabases = 15;

export const createPostgresDatabase = async (): Promise<TestDatabase> => {
  const shared = given("sharedPostgresUrl");
  if (shared === undefined) return createTestPostgres();
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const own = new URL(shared);
  own.pathname = `/${name}`;
  return {
    url: own.href,
    start: () => queryPostgres(shared, `CREATE DATABASE ${name}`),
    wipeQueue: () => wipePostgresQueue(own.href),
    remove: () => queryPostgres(shared, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
};

export const createRedisDatabase = async (): Promise<TestDatabase> => {
  const shared = given("sharedRedisUrl");
  if (shared === undefined || shared === null) return createTestRedis();
  const count = await withRedis(shared, (redis) => redis.incr("databases given"));
  const url = `${shared}/${(count % redisDatabases) + 1}`;
  const wipeQueue = () => withRedis(url, (redis) => redis.flushdb()).then(() => undefined);
  return { url, start: wipeQueue, wipeQueue, remove: wipeQueue };
};

/** Always Postgres; Redis too where there is one. */
export const databases = [
  ["postgres", createPostgresDatabase] as const,
  ...(redisSource === null ? [] : [["redis", createRedisDatabase] as const]),
];
