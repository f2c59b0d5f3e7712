/** How many jobs a queue holds, asked when Prometheus asks. A queue that is away has no figures, and says so. */
import type { Metrics } from "../metrics.ts";
import { shareRunning } from "../share-running.ts";
import type { JobQueue } from "./producer.ts";

/** Waiting for a worker; being worked; waiting for another try; given up (kept a week for a person to look at). */
const STATES = ["waiting", "active", "delayed", "failed"] as const;

export const watchQueue = (
  metrics: Metrics,
  name: string,
  queue: Pick<JobQueue, "counts">,
): void => {
  const counts = shareRunning(() => queue.counts());
  metrics.gauge("queue_reachable", "1 while the queue answers, else 0.", ["queue"], (self) =>
    counts().then(
      () => self.set({ queue: name }, 1),
      () => self.set({ queue: name }, 0),
    ),
  );
  metrics.gauge(
    "queue_jobs",
    "Jobs by state: waiting, active, delayed until another try, failed for good within a week.",
    ["queue", "state"],
    async (self) => {
      try {
        const found = await counts();
        for (const state of STATES) self.set({ queue: name, state }, found[state] ?? 0);
      } catch {
        // What it held when it went away would look like news.
        self.reset();
      }
    },
  );
};
