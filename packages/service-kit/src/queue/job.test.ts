/** Jobs: what goes in and comes out is checked; ids carry the name; retries spread. */
import { expect, test } from "vitest";
import { z } from "zod";
import { jobHandler, queueJobId, splitQueueJobId } from "./job.ts";
import { retryDelayMs } from "./retry.ts";

const definition = {
  queue: "q",
  name: "double",
  payload: z.object({ n: z.int() }),
  result: z.object({ n: z.int() }),
};
const context = { id: "1", attempt: 1, signal: new AbortController().signal };

test("a payload that fits → the handler's result, stripped to its shape", async () => {
  const handler = jobHandler(definition, async ({ n }) => ({ n: 2 * n, extra: true }));
  expect(await handler.run({ n: 2 }, context)).toEqual({ n: 4 });
});

test("a payload that does not fit → INVALID_PAYLOAD, the handler not run", async () => {
  const handler = jobHandler(definition, async () => expect.unreachable());
  await expect(handler.run({ n: "2" }, context)).rejects.toThrow(/^INVALID_PAYLOAD: n /);
});

test("a result that does not fit → INVALID_RESULT", async () => {
  const handler = jobHandler(definition, async () => ({ n: 0.5 }));
  await expect(handler.run({ n: 2 }, context)).rejects.toThrow(/^INVALID_RESULT: n /);
});

test("name and id joined → split again; a foreign id → null", () => {
  expect(splitQueueJobId(queueJobId("up", "lib/A/g1"))).toEqual({ name: "up", id: "lib/A/g1" });
  expect(splitQueueJobId("17")).toBeNull();
  expect(splitQueueJobId("/x")).toBeNull();
});

test("tries → the delay doubles from a second, is capped at a minute, spreads over half of it", () => {
  const least = [1, 2, 3, 7, 1e9].map((attempt) => retryDelayMs(attempt, () => 0));
  const most = [1, 2, 3, 7, 1e9].map((attempt) => retryDelayMs(attempt, () => 1));
  expect(least).toEqual([500, 1000, 2000, 30_000, 30_000]);
  expect(most).toEqual([1000, 2000, 4000, 60_000, 60_000]);
});
