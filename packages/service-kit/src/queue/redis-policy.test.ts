/** Which Redis is taken as a queue: by what it says, and where a redis-server is on the PATH by trying. */
import { Redis } from "ioredis";
import { expect, test } from "vitest";
import { createLogger } from "../logger.ts";
import { connectQueue } from "./connect.ts";
import { refuseEvictingRedis } from "./redis-policy.ts";
import { double } from "./test-queue.ts";
import { createTestRedis, redisSource } from "../test-servers/redis.ts";

const saying = (memory: string) => ({ info: () => Promise.resolve(memory) });

test.each(["allkeys-lru", "volatile-ttl", "allkeys-random"])(
  "policy %s → refused",
  async (policy) => {
    const redis = saying(`# Memory\r\nused_memory:1\r\nmaxmemory_policy:${policy}\r\n`);
    await expect(refuseEvictingRedis(redis)).rejects.toThrow(
      `maxmemory-policy ${policy}) and is not used as a queue. To fix: set maxmemory-policy noeviction`,
    );
  },
);

test.each(["maxmemory_policy:noeviction\r\n", "# Memory\r\n"])("%j → taken", (memory) =>
  expect(refuseEvictingRedis(saying(memory))).resolves.toBeUndefined(),
);

// No redis-server, no such test: the run shows what it had, and counts nothing that it did not try.
test.each(redisSource === null ? [] : [redisSource])(
  "a queue on a %s that evicts → refuses offers and says why, until mended",
  async () => {
    const server = await createTestRedis();
    await server.start();
    const admin = new Redis(server.url);
    await admin.config("SET", "maxmemory-policy", "allkeys-lru");
    const lines: string[] = [];
    const logger = createLogger("test", "warn", { write: (line) => void lines.push(line) });
    const connection = connectQueue(server.url, logger, { offerTimeoutMs: 1000 });
    const queue = connection.queue("numbers");
    await expect(queue.offer(double, "1", { n: 1 })).rejects.toThrow("queue numbers");
    expect(lines.join("")).toContain("set maxmemory-policy noeviction");
    await admin.config("SET", "maxmemory-policy", "noeviction");
    await expect.poll(() => queue.offer(double, "1", { n: 1 }), { timeout: 15_000 }).toBeTruthy();
    admin.disconnect();
    await connection.close();
    await server.remove();
  },
  30_000,
);
