/**
 * Keeps the cache within its budget: gives up files that have a receipt, oldest volume first, and slows down and then
 * refuses writes when only files without one are left. What has no receipt is never given up.
 */
import { statfs } from "node:fs/promises";
import type { Logger } from "@reelhouse/service-kit";
import { admit as admission } from "./admission.ts";
import type { Media } from "./media.ts";

/** The disk itself keeps so much free, whatever the budget says: state files, the outbox, the log. */
const diskFreeBytesMin = 256 * 1024 * 1024;

const lookMs = 250;

/** Files are given up until this much of the budget is free, so that not each write evicts. */
const evictTo = 0.95;

export interface CacheKeeper {
  readonly budgetBytes: number;
  readonly pendingBytes: number;
  readonly cleanBytes: number;
  /** Room for a write of `bytes`: at once, after a delay, or not (false). */
  admit(bytes: number): boolean | Promise<boolean>;
  /** Room for a segment that comes back; waits for evictions, never refuses. */
  makeRoom(bytes: number): Promise<void>;
  /** A drive uses the volume: its segments are given up last. */
  touch(barcode: string): void;
  close(): Promise<void>;
}

export interface CacheKeeperOptions {
  readonly media: Media;
  readonly directory: string;
  readonly budgetBytes: number;
  readonly logger: Logger;
}

export function createCacheKeeper({
  media,
  directory,
  budgetBytes,
  logger,
}: CacheKeeperOptions): CacheKeeper {
  /** As of the last look; what was admitted since is added. */
  let pendingBytes = 0;
  let cleanBytes = 0;
  let diskFreeBytes = Infinity;
  /** Barcode → when a drive used it last. */
  const touched = new Map<string, number>();
  let evicting: Promise<void> | undefined;
  let complained = false;

  const measure = (): void => {
    pendingBytes = 0;
    cleanBytes = 0;
    for (const volume of media.volumes()) {
      const { diskPendingBytes, diskCleanBytes } = volume.describe();
      pendingBytes += diskPendingBytes;
      cleanBytes += diskCleanBytes;
    }
  };

  const overBy = (bytes: number, of: number) => {
    const byBudget = pendingBytes + cleanBytes + bytes - budgetBytes * of;
    return Math.max(byBudget, diskFreeBytesMin + bytes - diskFreeBytes);
  };

  /** Oldest volume first; within a volume from its beginning, which a restore reads first and a backup last. */
  const evict = async (bytes: number): Promise<void> => {
    let excessBytes = overBy(bytes, evictTo);
    const oldestFirst = [...media.volumes()].sort(
      (left, right) => (touched.get(left.barcode) ?? 0) - (touched.get(right.barcode) ?? 0),
    );
    for (const volume of oldestFirst) {
      if (excessBytes <= 0) break;
      if (volume.describe().diskCleanBytes === 0) continue;
      for (const segment of volume.segments()) {
        if (excessBytes <= 0) break;
        if (segment.state !== "uploaded" || !(await volume.evict(segment))) continue;
        excessBytes -= segment.segmentBytes;
        diskFreeBytes += segment.segmentBytes;
      }
    }
    measure();
  };
  const evictOnce = (bytes: number): Promise<void> =>
    (evicting ??= evict(bytes).finally(() => (evicting = undefined)));

  const complain = (refused: boolean): void => {
    if (refused === complained) return;
    complained = refused;
    if (refused)
      logger.warn(
        { event: "cache.full", pendingBytes, budgetBytes, diskFreeBytes },
        "the cache is full of data that could not leave: writes are answered BUSY until the store takes some",
      );
    else
      logger.info(
        { event: "cache.relieved", pendingBytes, budgetBytes },
        "the cache takes writes again",
      );
  };

  const take = (bytes: number): boolean | Promise<boolean> => {
    const decision = admission(pendingBytes + bytes, budgetBytes);
    const diskFull = diskFreeBytes - bytes < diskFreeBytesMin;
    complain(decision.kind === "refuse" || diskFull);
    if (decision.kind === "refuse" || diskFull) return false;
    pendingBytes += bytes;
    diskFreeBytes -= bytes;
    if (decision.delayMs === 0) return true;
    return new Promise((resolve) => setTimeout(resolve, decision.delayMs, true));
  };

  const look = async (): Promise<void> => {
    const { bavail, bsize } = await statfs(directory);
    diskFreeBytes = bavail * bsize;
    measure();
    if (overBy(0, 1) > 0 && cleanBytes > 0) await evictOnce(0);
  };
  let looking: Promise<void> | undefined;
  const timer = setInterval(() => {
    looking ??= look()
      .catch((error: unknown) =>
        logger.error(
          { event: "cache.look-failed", error: String(error) },
          "cannot look after the cache; trying again",
        ),
      )
      .finally(() => (looking = undefined));
  }, lookMs);

  return {
    budgetBytes,
    get pendingBytes() {
      return pendingBytes;
    },
    get cleanBytes() {
      return cleanBytes;
    },
    admit(bytes) {
      if (overBy(bytes, 1) <= 0 || cleanBytes === 0) return take(bytes);
      return evictOnce(bytes).then(() => take(bytes));
    },
    async makeRoom(bytes) {
      if (overBy(bytes, 1) > 0 && cleanBytes > 0) await evictOnce(bytes);
      cleanBytes += bytes;
      diskFreeBytes -= bytes;
    },
    touch: (barcode) => void touched.set(barcode, performance.now()),
    async close() {
      clearInterval(timer);
      await looking;
      await evicting;
    },
  };
}

/** The budget where none is set: three quarters of what the cache has and could have. */
export async function defaultBudgetBytes(directory: string, cachedBytes: number): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return Math.max(64 * 1024 * 1024, Math.floor((bavail * bsize + cachedBytes) * 0.75));
}
