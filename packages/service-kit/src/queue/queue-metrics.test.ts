/** A queue's depth as Prometheus sees it: by state, nothing while the queue is away, one question a scrape. */
import { expect, test } from "vitest";
import { createMetrics } from "../metrics.ts";
import { QueueUnavailableError } from "./keeper.ts";
import { watchQueue } from "./queue-metrics.ts";

const jobs = (state: string, count: number) =>
  `reelhouse_queue_jobs{queue="upload",state="${state}",service="test"} ${count}\n`;

test("jobs by state → gauges; one question a scrape; the queue away → said so, and no old figures", async () => {
  const metrics = createMetrics("test");
  let away = false;
  let asked = 0;
  watchQueue(metrics, "upload", {
    counts: async () => {
      asked += 1;
      if (away) throw new QueueUnavailableError("away");
      return { waiting: 7, active: 2, delayed: 1, failed: 3, completed: 900 };
    },
  });
  const full = await metrics.render();
  expect(full).toContain(jobs("waiting", 7));
  expect(full).toContain(jobs("active", 2));
  expect(full).toContain(jobs("delayed", 1));
  expect(full).toContain(jobs("failed", 3));
  expect(full).not.toContain("completed");
  expect(full).toContain('reelhouse_queue_reachable{queue="upload",service="test"} 1\n');
  expect(asked).toBe(1);
  away = true;
  const empty = await metrics.render();
  expect(empty).toContain('reelhouse_queue_reachable{queue="upload",service="test"} 0\n');
  expect(empty).not.toContain("reelhouse_queue_jobs{");
});
