/**
 * What the store does not have yet, and for how long. Ages come from the files' own times, so that a restart does not
 * make old data look young: a segment's file begins with its first bytes and is last written when it is sealed.
 */
import { stat } from "node:fs/promises";
import path from "node:path";
import type { SegmentDescription, Volume } from "@reelhouse/medium";
import { shareRunning } from "@reelhouse/service-kit";
import type { Metrics } from "@reelhouse/service-kit";

export interface Backlog {
  /** Sealed segments without a receipt: those that can leave. */
  readonly segments: number;
  readonly bytes: number;
  /** Since the oldest of them was sealed; 0 when there is none. */
  readonly oldestSeconds: number;
  /** Since the first bytes of the oldest segment without a receipt, an open one too; 0 when there is none. */
  readonly oldestPendingSeconds: number;
}

/** Segments are numbered as they are made: the first of each partition that fits is its oldest. */
const oldestOf = (segments: readonly SegmentDescription[]): readonly SegmentDescription[] => [
  ...new Map(segments.toReversed().map((segment) => [segment.partition, segment])).values(),
];

type FileTime = "birthtimeMs" | "mtimeMs";

/** The earliest of those times; Infinity without files, for one that went meanwhile has no age. */
const earliestMs = async (
  directory: string,
  segments: readonly SegmentDescription[],
  time: FileTime,
): Promise<number> => {
  const times = segments.map((segment) =>
    stat(path.join(directory, segment.path)).then(
      (found) => found[time],
      () => Infinity,
    ),
  );
  return Math.min(Infinity, ...(await Promise.all(times)));
};

export async function measureBacklog(
  volumes: Iterable<Volume>,
  directory: string,
  nowMs: number,
): Promise<Backlog> {
  const sealed: SegmentDescription[] = [];
  const oldestSealed: SegmentDescription[] = [];
  const oldestPending: SegmentDescription[] = [];
  for (const volume of volumes) {
    if (volume.describe().pendingBytes === 0) continue;
    const pending = [...volume.segments()].filter(
      ({ state }) => state === "open" || state === "sealed",
    );
    const ready = pending.filter(({ state }) => state === "sealed");
    sealed.push(...ready);
    oldestSealed.push(...oldestOf(ready));
    oldestPending.push(...oldestOf(pending));
  }
  const age = (sinceMs: number) =>
    Number.isFinite(sinceMs) ? Math.max(0, (nowMs - sinceMs) / 1000) : 0;
  return {
    segments: sealed.length,
    bytes: sealed.reduce((sum, { segmentBytes }) => sum + segmentBytes, 0),
    oldestSeconds: age(await earliestMs(directory, oldestSealed, "mtimeMs")),
    oldestPendingSeconds: age(await earliestMs(directory, oldestPending, "birthtimeMs")),
  };
}

export interface BacklogOptions {
  readonly metrics: Metrics;
  readonly volumes: () => Iterable<Volume>;
  readonly mediaDirectory: string;
  readonly now: () => Date;
}

/** Gauges that are measured when Prometheus asks, all at once. */
export function watchBacklog({ metrics, volumes, mediaDirectory, now }: BacklogOptions): void {
  const measure = shareRunning(() => measureBacklog(volumes(), mediaDirectory, now().getTime()));
  const gauge = (name: string, help: string, read: (backlog: Backlog) => number) =>
    metrics.gauge(name, help, [], async (self) => self.set(read(await measure())));
  gauge(
    "upload_backlog_bytes",
    "Bytes of sealed segments that the store has not confirmed.",
    ({ bytes }) => bytes,
  );
  gauge(
    "upload_backlog_segments",
    "Sealed segments that the store has not confirmed.",
    ({ segments }) => segments,
  );
  gauge(
    "upload_backlog_oldest_seconds",
    "Since the oldest of those segments was sealed; 0: there is none.",
    ({ oldestSeconds }) => oldestSeconds,
  );
  gauge(
    "cache_pending_oldest_seconds",
    "Since the first bytes of the oldest segment that the store has not confirmed, open ones too; 0: there is none.",
    ({ oldestPendingSeconds }) => oldestPendingSeconds,
  );
}
