/** The backlog as Prometheus sees it: it grows with what is sealed, ages with the files, and goes with the receipts. */
import { utimes } from "node:fs/promises";
import path from "node:path";
import { createMetrics } from "@reelhouse/service-kit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTestMedia, testReceipt } from "../testing/test-media.ts";
import type { TestMedia } from "../testing/test-media.ts";
import { watchBacklog } from "./backlog.ts";

let tape: TestMedia;
let nowMs: number;
let read: () => Promise<Readonly<Record<string, number>>>;
beforeEach(async () => {
  tape = await openTestMedia();
  nowMs = Date.now();
  const metrics = createMetrics("gateway");
  watchBacklog({
    metrics,
    volumes: () => tape.media.volumes(),
    mediaDirectory: tape.directory,
    now: () => new Date(nowMs),
  });
  read = async () => {
    const text = await metrics.render();
    const found = text.matchAll(
      /^reelhouse_(upload_backlog_\w+|cache_pending_\w+)\{[^}]*\} (\S+)$/gm,
    );
    return Object.fromEntries([...found].map(([, name = "", value]) => [name, Number(value)]));
  };
});
afterEach(() => tape.close());

const nothing = {
  upload_backlog_bytes: 0,
  upload_backlog_segments: 0,
  upload_backlog_oldest_seconds: 0,
  cache_pending_oldest_seconds: 0,
};

test("nothing sealed, or everything with a receipt → zeros", async () => {
  expect(await read()).toEqual(nothing);
  await tape.upload(await tape.make("RHS001L8"), 5000);
  nowMs += 60_000;
  expect(await read()).toEqual(nothing);
});

test("segments sealed on two volumes → their bytes, and the age of the oldest; with receipts → gone", async () => {
  const one = await tape.make("RHS001L8");
  const other = await tape.make("RHS002L8");
  await tape.upload(one, 1000);
  const old = await tape.seal(one, 2000);
  const young = await tape.seal(other, 3000);
  const longAgo = new Date(nowMs - 500_000);
  await utimes(path.join(tape.directory, old.path), longAgo, longAgo);
  nowMs += 100_000;
  const first = await read();
  expect(first).toMatchObject({
    upload_backlog_bytes: old.segmentBytes + young.segmentBytes,
    upload_backlog_segments: 2,
  });
  expect(first["upload_backlog_oldest_seconds"]).toBeCloseTo(600, 0);
  await one.recordReceipt(old, JSON.stringify(testReceipt(old)), 2000);
  const second = await read();
  expect(second["upload_backlog_segments"]).toBe(1);
  expect(second["upload_backlog_oldest_seconds"]).toBeGreaterThan(99);
  expect(second["upload_backlog_oldest_seconds"]).toBeLessThan(130);
});

test("a segment still open → no backlog, but bytes in the cache that age", async () => {
  const volume = await tape.make("RHS001L8");
  const block = { views: [Buffer.alloc(9000, 1)], byteLength: 9000, release: () => undefined };
  expect((await volume.writeBlocks(block, 9000)).kind).toBe("written");
  await volume.backgroundSync();
  nowMs += 50_000;
  const { cache_pending_oldest_seconds: age, ...rest } = await read();
  expect(age).toBeGreaterThan(49);
  expect(age).toBeLessThan(80);
  expect(rest["upload_backlog_segments"]).toBe(0);
});
