import { createLogger } from "@reelhouse/service-kit";
import type { Volume } from "@reelhouse/medium";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openTestMedia } from "../testing/test-media.ts";
import type { TestMedia } from "../testing/test-media.ts";
import { CacheKeeper } from "./cache-keeper.ts";

const kilobytes100 = 100_000;

let tape: TestMedia;
let keeper: CacheKeeper | undefined;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
  tape = await openTestMedia();
});
afterEach(async () => {
  vi.useRealTimers();
  await keeper?.close();
  await tape.close();
});

const keep = (budgetBytes: number): CacheKeeper =>
  (keeper = new CacheKeeper({
    media: tape.media,
    directory: tape.directory,
    budgetBytes,
    logger: createLogger("test", "fatal"),
  }));

const states = (volume: Volume) => [...volume.segments()].map((segment) => segment.state);

async function twoVolumes(): Promise<{ first: Volume; second: Volume }> {
  const first = await tape.make("RHS001L8");
  const second = await tape.make("RHS002L8");
  for (const volume of [first, second])
    for (let count = 0; count < 2; count++) await tape.upload(volume, kilobytes100);
  return { first, second };
}

test("a little over the budget → the least recently used volume gives up its first segment, no more", async () => {
  const { first, second } = await twoVolumes();
  const kept = keep(4.1 * kilobytes100);
  kept.touch("RHS002L8");
  await vi.advanceTimersByTimeAsync(1);
  kept.touch("RHS001L8");
  await tape.seal(second, kilobytes100 / 4);
  await kept.look();
  expect(states(first)).toEqual(["uploaded", "uploaded"]);
  expect(states(second)).toEqual(["evicted", "uploaded", "sealed"]);
});

test("far over the budget with data that has no receipt → all with a receipt goes, nothing else", async () => {
  const { first, second } = await twoVolumes();
  for (let count = 0; count < 3; count++) await tape.seal(first, kilobytes100);
  const kept = keep(2 * kilobytes100);
  await kept.look();
  expect(kept.cleanBytes).toBe(0);
  expect(states(first)).toEqual(["evicted", "evicted", "sealed", "sealed", "sealed"]);
  expect(states(second)).toEqual(["evicted", "evicted"]);
});

test("a write that does not fit beside clean files → is admitted after they went", async () => {
  const { first } = await twoVolumes();
  const kept = keep(4.1 * kilobytes100);
  await kept.look();
  expect(states(first)).toEqual(["uploaded", "uploaded"]);
  expect(await kept.admit(kilobytes100)).toBe(true);
  expect(states(first)[0]).toBe("evicted");
});

test("a write that does not fit beside data without receipt → is refused, and admitted when receipts came", async () => {
  const volume = await tape.make("RHS001L8");
  const sealed = await tape.seal(volume, 9 * kilobytes100);
  const kept = keep(9.5 * kilobytes100);
  await kept.look();
  expect(await kept.admit(kilobytes100)).toBe(false);
  await volume.recordReceipt(sealed, "{}", 1);
  await kept.look();
  expect(kept.pendingBytes).toBe(0);
  expect(await kept.admit(kilobytes100)).toBe(true);
});

test("a segment that comes back to a full cache → is never refused", async () => {
  const volume = await tape.make("RHS001L8");
  await tape.seal(volume, 2 * kilobytes100);
  const kept = keep(kilobytes100);
  await kept.look();
  await kept.makeRoom(kilobytes100);
  expect(kept.cleanBytes).toBe(kilobytes100);
});
