/** For tests only: one throw-away Redis, durable: a redis-server of the PATH, else a container where Docker is there. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestServer } from "./test-postgres.ts";
import { createContainerRedis, hasDocker, redisImage } from "./test-redis-container.ts";

const hasServer = spawnSync("redis-server", ["--version"]).status === 0;

/** What the tests run on, as the run says it; null where there is no Redis at all. */
export const redisSource = hasServer
  ? "redis-server"
  : hasDocker()
    ? `container ${redisImage}`
    : null;

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
};

export const createTestRedis = async (): Promise<TestServer> => {
  const port = await freePort();
  return hasServer ? createServerOfPath(port) : createContainerRedis(port);
};

const createServerOfPath = (port: number): TestServer => {
  const directory = mkdtempSync(path.join(tmpdir(), "rh-kit-redis-"));
  let server: ChildProcess | null = null;
  const stop = async (signal: NodeJS.Signals = "SIGTERM") => {
    const child = server;
    server = null;
    if (child === null) return;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    start: async () => {
      const args = ["--port", String(port), "--bind", "127.0.0.1", "--dir", directory];
      const durable = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""];
      const child = spawn("redis-server", [...args, ...durable], {
        stdio: ["ignore", "pipe", "ignore"],
      });
      server = child;
      for await (const chunk of child.stdout) {
        if (String(chunk).includes("Ready to accept connections")) break;
      }
      child.stdout.resume();
    },
    stop,
    remove: async () => {
      await stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
};
