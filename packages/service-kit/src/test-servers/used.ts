/** For tests only: which servers a run used, told by those who made them, said at its end. */
import { appendFileSync, readFileSync } from "node:fs";
import { inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** A line for each server made. */
    readonly serversFile: string;
    readonly sharedPostgresUrl: string;
    /** Null where there is no Redis. */
    readonly sharedRedisUrl: string | null;
  }
}

/** What the run as a whole was given; undefined where a file runs without it, or in the run's own process. */
export const given = <Key extends "serversFile" | "sharedPostgresUrl" | "sharedRedisUrl">(
  key: Key,
) => {
  try {
    return inject(key);
  } catch {
    return undefined;
  }
};

let ownFile: string | undefined;
/** For the run's own process, which is given nothing. */
export const noteServersIn = (file: string): void => {
  ownFile = file;
};

export const noteServer = (kind: string, source: string): void => {
  const file = ownFile ?? given("serversFile");
  if (file !== undefined) appendFileSync(file, `${kind}: ${source}\n`);
};

/** `Postgres: container postgres:16 (3), Redis: redis-server (2)`. */
export const usedServers = (file: string): string => {
  const counts = new Map<string, number>();
  for (const line of readFileSync(file, "utf8").split("\n").filter(Boolean))
    counts.set(line, (counts.get(line) ?? 0) + 1);
  return [...counts].map(([line, count]) => `${line} (${count})`).join(", ");
};
