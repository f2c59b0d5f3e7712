/** Processes are found by /proc alone: a child of a child counts, one that ended does not. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { waitUntil } from "../wait-until.ts";
import { freePorts } from "./free-ports.ts";
import { descendantsOf, SERVICE_PATTERNS } from "./processes.ts";

test("a grandchild → found below us, gone when it ended", async () => {
  const child = spawn("sh", ["-c", "sleep 30 & wait"], { detached: true });
  const pid = child.pid ?? 0;
  const grandchild = await waitUntil(
    () => descendantsOf(pid).find((info) => info.commandLine === "sleep 30"),
    { what: "the grandchild", timeoutMs: 5000, pauseMs: 10 },
  );
  expect(descendantsOf(process.pid).map((info) => info.pid)).toContain(grandchild.pid);
  process.kill(-pid, "SIGKILL");
  await once(child, "exit");
  expect(descendantsOf(process.pid).map((info) => info.pid)).not.toContain(pid);
});

test("command lines → the service they run", () => {
  expect(SERVICE_PATTERNS.gateway.test("/x/node /r/services/gateway/src/main.ts")).toBe(true);
  expect(SERVICE_PATTERNS.gateway.test("/x/node /r/services/uploader/src/main.ts")).toBe(false);
  expect(SERVICE_PATTERNS.postgres.test("/n/bin/postgres -D /data/postgres")).toBe(true);
  expect(SERVICE_PATTERNS.postgres.test("postgres: walwriter")).toBe(true);
  expect(SERVICE_PATTERNS.postgres.test("/x/node postgres-tool.ts")).toBe(false);
});

test("free ports → as many, all different", async () => {
  const ports = await freePorts(5);
  expect(new Set(ports).size).toBe(5);
});

test("nothing comes in time → the error names what was waited for", async () => {
  const waiting = waitUntil(() => undefined, { what: "rain", timeoutMs: 20, pauseMs: 5 });
  await expect(waiting).rejects.toThrow(/rain: not within 0.02 s/);
});
