/** What each volume asks of the gateway (the ports of packages/medium): room, recall, buffers, an ear for its events. */
import type { Volume, VolumePorts } from "@reelhouse/medium";
import type { LibraryOf } from "../library/library-of.ts";
import type { SlabPool } from "../portal/slab-pool.ts";
import type { Recall } from "../vault-link/recall.ts";
import type { CacheKeeper } from "./cache-keeper.ts";
import { passOn } from "./volume-events.ts";
import type { VolumeListeners } from "./volume-events.ts";

export interface VolumePortsOptions {
  /** The name of the library that a volume belongs to. */
  readonly libraryOf: LibraryOf;
  readonly slabs: SlabPool;
  readonly recall: Recall;
  readonly listeners: VolumeListeners;
  /** Asked when a volume wants room: the cache is made after the media that it looks after. */
  readonly cache: () => Pick<CacheKeeper, "admit">;
  /** The open volume of a barcode. */
  readonly volume: (barcode: string) => Volume | undefined;
}

export function createVolumePorts(options: VolumePortsOptions): (barcode: string) => VolumePorts {
  const { libraryOf, slabs, recall, listeners, cache } = options;
  return (barcode) => {
    return {
      admit: (bytes) => cache().admit(bytes),
      recall: async (segment) => {
        const volume = options.volume(barcode);
        if (volume === undefined) throw new Error(`${barcode} is gone`);
        return recall.fetch(volume, segment);
      },
      recallAhead: (segments) => {
        // A hint: when it fails, the reader asks again and hears why.
        for (const segment of segments) void options.volume(barcode)?.recall(segment);
      },
      buffers: slabs,
      onEvent: (event) => passOn(libraryOf(barcode), barcode, event, listeners),
    };
  };
}
