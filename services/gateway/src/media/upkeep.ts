/**
 * What volumes need as time passes: unsynced data is put on stable storage, an idle volume's last segment is sealed so
 * that it may leave, and the inventory hears how full each volume is.
 */
import type { EventBody } from "@reelhouse/contracts";
import type { Volume } from "@reelhouse/medium";
import type { Logger } from "@reelhouse/service-kit";
import type { LibraryOf } from "../library/library-of.ts";
import type { Media } from "./media.ts";
import { volumeState } from "./volume-state.ts";

/** Bounds the age of buffered data (SSC-5 leaves it to the drive): what a power loss may take without a synchronise point. */
const syncMs = 1000;

/** No write for so long: the host is between jobs, and what it wrote shall not wait for the segment to fill. */
const sealIdleMs = 10_000;

export interface Upkeep {
  close(): Promise<void>;
}

export interface UpkeepOptions {
  /** The name of the library that a volume belongs to. */
  readonly libraryOf: LibraryOf;
  readonly media: Media;
  readonly logger: Logger;
  readonly emit: (body: EventBody) => void;
  /** Buffered data of a volume could not be stored: its drive must tell the host. */
  readonly writeFailed: (barcode: string, reason: string) => void;
}

interface Seen {
  usedBytes: number;
  changedMs: number;
  told: string;
  failed: boolean;
}

export function createUpkeep(options: UpkeepOptions): Upkeep {
  const { libraryOf, media, logger } = options;
  const seen = new Map<Volume, Seen>();
  let running: Promise<void> | undefined;

  const sync = async (volume: Volume, now: Seen): Promise<void> => {
    const synced = await volume.backgroundSync();
    const failed = synced.kind === "fault" && synced.fault === "write";
    if (failed && !now.failed) options.writeFailed(volume.barcode, synced.reason);
    now.failed = failed;
  };

  const tell = (volume: Volume, now: Seen): void => {
    const state = volumeState(libraryOf(volume.barcode), volume);
    const told = JSON.stringify(state);
    if (told === now.told) return;
    now.told = told;
    options.emit({ type: "volume.changed", ...state });
  };

  const look = async (): Promise<void> => {
    for (const volume of media.volumes()) {
      const { usedBytes } = volume.describe();
      const now = seen.get(volume) ?? {
        usedBytes: -1,
        changedMs: performance.now(),
        told: "",
        failed: false,
      };
      seen.set(volume, now);
      if (usedBytes !== now.usedBytes) {
        now.usedBytes = usedBytes;
        now.changedMs = performance.now();
      }
      await sync(volume, now);
      // Nothing to do for a volume without an open segment; cheap to ask.
      if (performance.now() - now.changedMs > sealIdleMs) await volume.seal();
      tell(volume, now);
    }
    for (const volume of seen.keys())
      if (media.volume(volume.barcode) !== volume) seen.delete(volume);
  };
  const timer = setInterval(() => {
    running ??= look()
      .catch((error: unknown) =>
        logger.error(
          { event: "upkeep.failed", error: String(error) },
          "a volume's upkeep failed; trying again",
        ),
      )
      .finally(() => (running = undefined));
  }, syncMs);

  return {
    async close() {
      clearInterval(timer);
      await running;
    },
  };
}
