/** For tests only: a server of each kind there is, a connection to it, and a job whose behaviour the test chooses. */
import { z } from "zod";
import { createLogger } from "../logger.ts";
import { connectQueue } from "./connect.ts";
import { jobHandler } from "./job.ts";
import { createTestPostgres } from "../test-servers/postgres.ts";
import { createTestRedis, redisSource } from "../test-servers/redis.ts";
import type { TestDatabase } from "../test-servers/test-server.ts";

/** Servers that a test may end: always Postgres; Redis too where there is one. */
export const backends = [
  ["postgres", createTestPostgres] as const,
  ...(redisSource === null ? [] : [["redis", createTestRedis] as const]),
];

export const soon = { timeout: 15_000, interval: 20 };

export const double = {
  queue: "numbers",
  name: "double",
  payload: z.object({ n: z.int() }),
  result: z.object({ n: z.int() }),
};

type Behave = (n: number, attempt: number) => Promise<void> | void;
const well: Behave = () => undefined;

export const createQueueFixture = async <Server extends TestDatabase>(
  create: () => Promise<Server>,
) => {
  const server = await create();
  const connection = connectQueue(server.url, createLogger("test", "fatal"), {
    offerTimeoutMs: 1000,
  });
  const completed: [string, number][] = [];
  const failed: [string, string][] = [];
  const started: string[] = [];
  let behave = well;
  const handler = jobHandler(double, async ({ n }, { id, attempt }) => {
    started.push(id);
    await behave(n, attempt);
    return { n: 2 * n };
  });
  return {
    server,
    connection,
    completed,
    failed,
    started,
    /** How jobs behave from now on; well, without argument. */
    behave: (next: Behave = well) => {
      behave = next;
    },
    /** Begins to work and to listen; the server must run. */
    work: async () => {
      const events = connection.events("numbers");
      events.onCompleted(double, (id, { n }) => completed.push([id, n]));
      events.onFailed(double, (id, reason) => failed.push([id, reason]));
      await events.ready(10_000);
      return connection.worker("numbers", [handler], { concurrency: 2 });
    },
    close: async () => {
      await connection.close();
      await server.remove();
    },
  };
};
export type QueueFixture<Server extends TestDatabase> = Awaited<
  ReturnType<typeof createQueueFixture<Server>>
>;
