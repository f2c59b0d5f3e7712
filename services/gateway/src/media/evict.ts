/** Giving up files of the cache that the store has too: the longest unused volume first. */
import type { Volume } from "@reelhouse/medium";

export interface Eviction {
  readonly volumes: Iterable<Volume>;
  /** When a drive used the volume last; 0 for never. */
  readonly usedMs: (barcode: string) => number;
  /** How much must go. */
  readonly excessBytes: number;
  /** Told of each file that went. */
  readonly freed: (bytes: number) => void;
  /** Told of each file that the disk would not give up: it stays, and the others are tried. */
  readonly failed: (path: string, error: unknown) => void;
}

/** Within a volume from its beginning, which a restore reads first and a backup last. Only `uploaded` segments go. */
export async function evict({
  volumes,
  usedMs,
  excessBytes,
  freed,
  failed,
}: Eviction): Promise<void> {
  const oldestFirst = [...volumes].sort(
    (left, right) => usedMs(left.barcode) - usedMs(right.barcode),
  );
  let leftBytes = excessBytes;
  for (const volume of oldestFirst) {
    if (leftBytes <= 0) return;
    if (volume.describe().diskCleanBytes === 0) continue;
    for (const segment of volume.segments()) {
      if (leftBytes <= 0) return;
      if (segment.state !== "uploaded") continue;
      const gone = await volume.evict(segment).catch((error: unknown) => {
        failed(segment.path, error);
        return false;
      });
      if (!gone) continue;
      leftBytes -= segment.segmentBytes;
      freed(segment.segmentBytes);
    }
  }
}
