/** For tests only: Redis as a process, from the redis-server of the PATH. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestServer } from "./test-server.ts";

export const createRedisProcess = (
  port: number,
  durable: readonly string[],
): Omit<TestServer, "wipeQueue"> => {
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
