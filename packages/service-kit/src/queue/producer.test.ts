/** Offers, by the state of the job with that id: each row of DESIGN.md's table, on every backend there is. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { PermanentJobError } from "./job.ts";
import { databases } from "../test-servers/shared.ts";
import type { TestDatabase } from "../test-servers/test-server.ts";
import { createQueueFixture, double, soon, type QueueFixture } from "./test-queue.ts";

describe.each(databases)("offers on %s", (_kind, create) => {
  let fixture: QueueFixture<TestDatabase>;
  const queue = () => fixture.connection.queue("numbers");
  const runs = (id: string) => fixture.started.filter((started) => started === id);

  beforeAll(async () => {
    fixture = await createQueueFixture(create);
    await fixture.server.start();
    await fixture.work();
  }, 20_000);
  afterAll(() => fixture.close(), 20_000);

  test("absent → offered, and done", async () => {
    expect(await queue().offer(double, "lib/A/1", { n: 21 })).toEqual({ state: "offered" });
    await vi.waitFor(() => expect(fixture.completed).toContainEqual(["lib/A/1", 42]), soon);
  });

  test("completed → its result, once; then it runs again", async () => {
    const kept = { state: "completed", result: { n: 42 } };
    expect(await queue().offer(double, "lib/A/1", { n: 21 })).toEqual(kept);
    expect(await queue().offer(double, "lib/A/1", { n: 21 })).toEqual({ state: "offered" });
    await vi.waitFor(() => expect(runs("lib/A/1")).toHaveLength(2), soon);
  });

  test("active → pending, runs once", async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    fixture.behave(() => gate);
    const one = queue();
    await one.offer(double, "slow", { n: 1 });
    await vi.waitFor(() => expect(runs("slow")).toHaveLength(1), soon);
    expect(await one.offer(double, "slow", { n: 1 })).toEqual({ state: "pending" });
    expect(await one.counts()).toMatchObject({ active: 1 });
    open();
    await vi.waitFor(() => expect(fixture.completed).toContainEqual(["slow", 2]), soon);
    fixture.behave();
    expect(runs("slow")).toHaveLength(1);
  });

  test("an error that may pass → delayed, so pending; then done", async () => {
    fixture.behave((_n, attempt) => {
      if (attempt === 1) throw new Error("503");
    });
    await queue().offer(double, "flaky", { n: 3 });
    await vi.waitFor(() => expect(runs("flaky")).toHaveLength(1), soon);
    expect(await queue().offer(double, "flaky", { n: 3 })).toEqual({ state: "pending" });
    await vi.waitFor(() => expect(fixture.completed).toContainEqual(["flaky", 6]), soon);
    fixture.behave();
    expect(fixture.failed.map(([id]) => id)).not.toContain("flaky");
  });

  test("a permanent error → fails at once with its code; offered again → runs again", async () => {
    fixture.behave(() => {
      throw new PermanentJobError("GONE", "no such file");
    });
    await queue().offer(double, "gone", { n: 4 });
    await vi.waitFor(
      () => expect(fixture.failed).toContainEqual(["gone", "GONE: no such file"]),
      soon,
    );
    fixture.behave();
    expect(await queue().offer(double, "gone", { n: 4 })).toEqual({ state: "offered" });
    await vi.waitFor(() => expect(fixture.completed).toContainEqual(["gone", 8]), soon);
  });
});
