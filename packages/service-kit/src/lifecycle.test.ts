/** Start, stop and the ways to die, on a host that records instead of exiting; and once with a real process. */
import { fork } from "node:child_process";
import { EventEmitter, once } from "node:events";
import path from "node:path";
import { expect, test } from "vitest";
import { createLifecycle, type Phase } from "./lifecycle.ts";
import { createLogger } from "./logger.ts";

const setUp = () => {
  const events: string[] = [];
  const lines: string[] = [];
  const host = Object.assign(new EventEmitter(), {
    exit: (code: number) => void events.push(`exit ${code}`),
  });
  const logger = createLogger("test", "debug", { write: (line) => void lines.push(line) });
  const lifecycle = createLifecycle({ logger, host });
  const add = (name: string, extra: Partial<Phase> = {}) =>
    lifecycle.phase({
      name,
      start: () => void events.push(`start ${name}`),
      stop: () => void events.push(`stop ${name}`),
      ...extra,
    });
  return { events, lines, host, lifecycle, add };
};

test("SIGTERM → phases stop in the opposite order, exit 0", async () => {
  const { events, host, lifecycle, add } = setUp();
  add("a");
  add("b");
  await lifecycle.run();
  host.emit("SIGTERM");
  await lifecycle.stop("again");
  expect(events).toEqual(["start a", "start b", "stop b", "stop a", "exit 0"]);
});

test("a second signal while stopping → exit 1 at once", async () => {
  const { events, host, lifecycle, add } = setUp();
  add("a", { stop: () => new Promise(() => undefined), stopTimeoutMs: 50 });
  await lifecycle.run();
  host.emit("SIGINT");
  host.emit("SIGTERM");
  expect(events).toEqual(["start a", "exit 1"]);
  await lifecycle.stop("again");
});

test("a phase that does not start → those before it stop, exit 1, the rest never starts", async () => {
  const { events, lines, lifecycle, add } = setUp();
  add("a");
  add("b", { start: () => Promise.reject(new Error("no disk")) });
  add("c");
  await lifecycle.run();
  expect(events).toEqual(["start a", "stop b", "stop a", "exit 1"]);
  expect(lines.join("")).toContain("no disk");
});

test("a signal while a phase starts, which then fails → no fault: exit 0", async () => {
  const { events, host, lifecycle, add } = setUp();
  const { promise, reject } = Promise.withResolvers<void>();
  add("a", { start: () => promise, stop: () => reject(new Error("stopped while starting")) });
  const run = lifecycle.run();
  await new Promise((resolve) => setImmediate(resolve));
  host.emit("SIGTERM");
  await run;
  await lifecycle.stop("again");
  expect(events).toEqual(["exit 0"]);
});

test("a phase that never starts → late after its limit, exit 1", async () => {
  const { events, lifecycle, add } = setUp();
  add("a", { start: () => new Promise(() => undefined), startTimeoutMs: 20 });
  await lifecycle.run();
  expect(events.at(-1)).toBe("exit 1");
});

test("a phase that does not stop → the others stop, exit 1", async () => {
  const { events, lines, lifecycle, add } = setUp();
  add("a");
  add("b", { stop: () => new Promise(() => undefined), stopTimeoutMs: 20 });
  await lifecycle.run();
  await lifecycle.stop("test");
  expect(events).toEqual(["start a", "start b", "stop a", "exit 1"]);
  expect(lines.join("")).toContain("could not stop b");
});

test("an uncaught error → logged as fatal, exit 1", async () => {
  const { events, lines, host, lifecycle } = setUp();
  await lifecycle.run();
  host.emit("unhandledRejection", new Error("lost"));
  expect(events).toEqual(["exit 1"]);
  expect(lines.at(-1)).toContain('"level":"fatal"');
});

test("the launcher goes away → the child stops itself with exit 0", async () => {
  const child = fork(path.join(import.meta.dirname, "testing-child.ts"), { stdio: "ignore" });
  const [report] = await once(child, "message");
  expect(report).toEqual({ ready: true, ops: "127.0.0.1:1" });
  const exited = once(child, "exit");
  child.disconnect();
  expect((await exited)[0]).toBe(0);
});

test("secrets in a logged object → cut out", () => {
  const lines: string[] = [];
  const logger = createLogger("test", "info", { write: (line) => void lines.push(line) });
  logger.info({ token: "s1", a: { secret: "s2" }, req: { headers: { authorization: "s3" } } });
  expect(lines[0]).not.toMatch(/s[123]"/);
  expect(lines[0]).toContain("[redacted]");
});
