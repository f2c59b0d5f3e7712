/** For tests only: a throw-away durable Redis, in a container where a Docker engine has the image, else a redis-server of the PATH. */
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { Redis } from "ioredis";
import { createContainer, freePort, isImageHere } from "./container.ts";
import { createRedisProcess } from "./redis-process.ts";
import type { TestServer } from "./test-server.ts";
import { noteServer } from "./used.ts";

export const redisImage = "redis:7";
/** An answered offer is on disk, as in compose. */
export const durable = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""];

/** What the tests run on, as the run says it; null where there is no Redis at all. */
export const redisSource = isImageHere(redisImage)
  ? `container ${redisImage}`
  : spawnSync("redis-server", ["--version"]).status === 0
    ? "redis-server"
    : null;

/** Does something on a connection that neither waits nor tries again. */
export const withRedis = async <T>(url: string, act: (redis: Redis) => Promise<T>): Promise<T> => {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: null });
  // Told by connect() too.
  redis.on("error", () => undefined);
  try {
    await redis.connect();
    return await act(redis);
  } finally {
    redis.disconnect();
  }
};

const createContainerRedis = (port: number): Omit<TestServer, "wipeQueue"> => {
  // The engine publishes on every address of this machine.
  const password = randomBytes(16).toString("hex");
  const url = `redis://:${password}@127.0.0.1:${port}`;
  const container = createContainer({
    image: redisImage,
    containerPort: 6379,
    port,
    command: ["redis-server", "--requirepass", password, ...durable],
    environment: {},
    ask: () => withRedis(url, (redis) => redis.ping()),
  });
  return { url, ...container, stop: (signal = "SIGTERM") => container.stop(signal) };
};

/** Only where `redisSource` names one. Not yet started. */
export const createTestRedis = async (): Promise<TestServer> => {
  const port = await freePort();
  noteServer("Redis", redisSource ?? "none");
  const server =
    redisSource === "redis-server" ? createRedisProcess(port, durable) : createContainerRedis(port);
  return {
    ...server,
    wipeQueue: () => withRedis(server.url, (redis) => redis.flushdb()).then(() => undefined),
  };
};
