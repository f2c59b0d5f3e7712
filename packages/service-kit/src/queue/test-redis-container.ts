/** For tests only: a throw-away Redis in a container, durable, where a Docker engine answers. */
import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { Redis } from "ioredis";
import type { TestServer } from "./test-postgres.ts";

const run = promisify(execFile);
export const redisImage = "redis:7";
const readyAttemptsMax = 200;
const pauseMs = 50;

export const hasDocker = (): boolean =>
  spawnSync("docker", ["version", "--format", "{{.Server.Version}}"]).status === 0;

const untilReady = async (url: string): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    const client = new Redis(url, { lazyConnect: true, retryStrategy: null });
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.ping();
      return;
    } catch (error) {
      if (attempt === readyAttemptsMax) throw error;
      await new Promise((resolve) => {
        setTimeout(resolve, pauseMs);
      });
    } finally {
      client.disconnect();
    }
  }
};

/** On the given port of loopback, the same at every start; its data stay in the container until remove(). */
export const createContainerRedis = async (port: number): Promise<TestServer> => {
  const url = `redis://127.0.0.1:${port}`;
  const durable = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""];
  const published = ["--label", "reelhouse-test", "--publish", `127.0.0.1:${port}:6379`];
  // Without a password Redis answers its own machine only, unless told; the port is published on loopback alone.
  const command = ["redis-server", "--protected-mode", "no", ...durable];
  const { stdout } = await run("docker", ["create", ...published, redisImage, ...command]);
  const id = stdout.trim();
  return {
    url,
    start: async () => {
      await run("docker", ["start", id]);
      await untilReady(url);
    },
    stop: async (signal = "SIGTERM") => {
      await run("docker", signal === "SIGKILL" ? ["kill", id] : ["stop", id]);
    },
    remove: async () => {
      await run("docker", ["rm", "--force", "--volumes", id]);
    },
  };
};
