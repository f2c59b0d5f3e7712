/** Recalls as Prometheus sees them: running, ended well or not. */
import assert from "node:assert/strict";
import { createLogger, createMetrics } from "@reelhouse/service-kit";
import type { Metrics } from "@reelhouse/service-kit";
import { VaultError } from "@reelhouse/vault";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTestMedia, testKey } from "../testing/test-media.ts";
import type { TestMedia } from "../testing/test-media.ts";
import { createRecall } from "./recall.ts";

let tape: TestMedia;
let metrics: Metrics;
let answer: PromiseWithResolvers<void>;
let asked: PromiseWithResolvers<void>;
beforeEach(async () => {
  tape = await openTestMedia();
  metrics = createMetrics("gateway");
  answer = Promise.withResolvers();
  asked = Promise.withResolvers();
});
afterEach(() => tape.close());

const begin = async () => {
  const volume = await tape.make("RHS001L8");
  await volume.setWrappedKey(testKey);
  const segment = await tape.upload(volume, 4000);
  const recall = createRecall({
    libraryOf: () => "gw1",
    mediaDirectory: tape.directory,
    vault: {
      getSegment() {
        asked.resolve();
        return answer.promise;
      },
    },
    logger: createLogger("test", "fatal"),
    metrics,
    makeRoom: async () => undefined,
  });
  const fetched = recall.fetch(volume, segment);
  await asked.promise;
  return { recall, segment, fetched };
};

test("a segment that comes back → running until then, of that volume; counted with its bytes and time", async () => {
  const { recall, segment, fetched } = await begin();
  expect(recall.runningCount).toBe(1);
  expect(recall.isRunning("RHS001L8")).toBe(true);
  expect(recall.isRunning("RHS002L8")).toBe(false);
  answer.resolve();
  await fetched;
  expect(recall.runningCount).toBe(0);
  const text = await metrics.render();
  expect(text).toContain('reelhouse_recalls_total{outcome="ok",service="gateway"} 1\n');
  expect(text).toContain(
    `reelhouse_recalled_bytes_total{service="gateway"} ${segment.segmentBytes}\n`,
  );
  expect(text).toContain('reelhouse_recall_seconds_count{service="gateway"} 1\n');
});

test("one that cannot come back → counted by its error's code, no longer running", async () => {
  const { recall, fetched } = await begin();
  answer.reject(new VaultError("STORE_NOT_FOUND"));
  await assert.rejects(fetched, VaultError);
  expect(recall.isRunning("RHS001L8")).toBe(false);
  expect(await metrics.render()).toContain(
    'reelhouse_recalls_total{outcome="STORE_NOT_FOUND",service="gateway"} 1\n',
  );
});
