/** For tests only, before and after a whole run: starts the servers that its files share; says in the end what it ran on. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { fetchImage } from "./container.ts";
import { createTestPostgres, postgresImage } from "./postgres.ts";
import { noteServersIn, usedServers } from "./used.ts";

export const setup = async (project: TestProject) => {
  const folder = mkdtempSync(path.join(tmpdir(), "rh-test-servers-"));
  const serversFile = path.join(folder, "servers");
  writeFileSync(serversFile, "");
  noteServersIn(serversFile);
  for (const image of [postgresImage, "redis:7"]) fetchImage(image);
  // Its module looks for the image when it is loaded.
  const { createTestRedis, redisSource } = await import("./redis.ts");
  const postgres = await createTestPostgres();
  const redis = redisSource === null ? null : await createTestRedis();
  await Promise.all([postgres.start(), redis?.start()]);
  project.provide("serversFile", serversFile);
  project.provide("sharedPostgresUrl", postgres.url);
  project.provide("sharedRedisUrl", redis?.url ?? null);
  return async () => {
    await Promise.all([postgres.remove(), redis?.remove()]);
    const none = redis === null ? ", Redis: none here, its tests were not run" : "";
    console.info(`test servers: ${usedServers(serversFile)}${none}`);
    rmSync(folder, { recursive: true });
  };
};
