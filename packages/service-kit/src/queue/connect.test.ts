/** The queue while its server is away, is killed, or while a worker stops: on every backend there is. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createLogger } from "../logger.ts";
import { connectQueue } from "./connect.ts";
import { jobHandler } from "./job.ts";
import { backends, createQueueFixture, double, soon, type QueueFixture } from "./test-queue.ts";
import type { TestServer } from "../test-servers/test-server.ts";

describe.each(backends)("queue on %s", (kind, create) => {
  let fixture: QueueFixture<TestServer>;
  beforeAll(async () => {
    fixture = await createQueueFixture(create);
  });
  afterAll(() => fixture.close(), 20_000);

  test("server away at the start → offers fail in time; once it is there, all works", async () => {
    const { connection, server, completed } = fixture;
    expect(connection.kind).toBe(kind);
    const queue = connection.queue("numbers");
    const early = queue.offer(double, "early", { n: 1 });
    await expect(early).rejects.toThrow("no answer within 1000 ms");
    await server.start();
    const worker = await fixture.work();
    await vi.waitFor(() => expect(worker.ready()).toBe(true), soon);
    await vi.waitFor(() => queue.offer(double, "lib/A/1", { n: 21 }), soon);
    await vi.waitFor(() => expect(completed).toContainEqual(["lib/A/1", 42]), soon);
  }, 30_000);

  test("server killed and started → offers fail, then work; worker and events come back", async () => {
    const { connection, server, completed } = fixture;
    const queue = connection.queue("numbers");
    await queue.offer(double, "before", { n: 5 });
    await server.stop("SIGKILL");
    await expect(queue.offer(double, "after", { n: 6 })).rejects.toThrow();
    await vi.waitFor(() => server.start(), soon);
    await vi.waitFor(() => queue.offer(double, "after", { n: 6 }), soon);
    const done = async (): Promise<boolean> => {
      // What an event told, or what the kept result tells: either will do for a producer.
      if (completed.some(([id]) => id === "after")) return true;
      return (await queue.offer(double, "after", { n: 6 })).state === "completed";
    };
    const late = { timeout: 25_000, interval: 200 };
    await vi.waitFor(async () => expect(await done()).toBe(true), late);
  }, 40_000);

  test("a worker told to stop → lets its job finish, takes no other", async () => {
    const other = connectQueue(fixture.server.url, createLogger("test", "fatal"));
    const queue = other.queue("drain");
    const drain = { ...double, queue: "drain" };
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const ran: string[] = [];
    const slow = jobHandler(drain, async ({ n }, { id }) => {
      ran.push(id);
      await gate;
      return { n };
    });
    const worker = other.worker("drain", [slow], { concurrency: 1 });
    await queue.offer(drain, "one", { n: 1 });
    await queue.offer(drain, "two", { n: 2 });
    await vi.waitFor(() => expect(ran).toEqual(["one"]), soon);
    const closed = worker.close();
    open();
    await closed;
    expect(ran).toEqual(["one"]);
    const kept = { state: "completed", result: { n: 1 } };
    expect(await queue.offer(drain, "one", { n: 1 })).toEqual(kept);
    expect(await queue.offer(drain, "two", { n: 2 })).toEqual({ state: "pending" });
    await other.close();
  });
});
