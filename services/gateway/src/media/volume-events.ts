/** What a volume tells of itself, passed on to whom it concerns: the inventory, the uploads, the manifest, the cache. */
import type { EventBody } from "@reelhouse/contracts";
import type { VolumeEvent } from "@reelhouse/medium";
import { houseRef } from "../vault-link/segment-names.ts";

export interface VolumeListeners {
  readonly emit: (body: EventBody) => void;
  /** There is a new segment to upload. */
  readonly sealed: () => void;
  /** The volume's manifest in the store no longer says what the volume is. */
  readonly changed: (barcode: string) => void;
}

type Handler = (library: string, barcode: string, event: VolumeEvent, to: VolumeListeners) => void;

const segmentOf = (event: VolumeEvent) => ("segment" in event ? event.segment : undefined);

const say =
  (type: "segment.evicted" | "segment.recalled" | "segment.dropped"): Handler =>
  (library, barcode, event, to) => {
    const segment = segmentOf(event);
    // Nobody was told of an open segment; it can go without a word.
    if (segment === undefined || segment.state === "open") return;
    to.emit({ type, segment: houseRef(library, barcode, segment) });
  };

const handlers: Readonly<Record<VolumeEvent["type"], Handler>> = {
  sealed: (library, barcode, event, to) => {
    const segment = segmentOf(event);
    if (segment === undefined) return;
    const { firstObject, endObject, segmentBytes } = segment;
    to.emit({
      type: "segment.sealed",
      segment: houseRef(library, barcode, segment),
      firstObject,
      endObject,
      segmentBytes,
    });
    to.sealed();
  },
  // The receipt goes with the event, so whoever recorded it tells (uploads.ts).
  uploaded: (_library, barcode, _event, to) => to.changed(barcode),
  evicted: say("segment.evicted"),
  recalled: say("segment.recalled"),
  dropped: (library, barcode, event, to) => {
    say("segment.dropped")(library, barcode, event, to);
    to.changed(barcode);
  },
  generation: (_library, barcode, _event, to) => to.changed(barcode),
};

export const passOn = (
  library: string,
  barcode: string,
  event: VolumeEvent,
  to: VolumeListeners,
): void => handlers[event.type](library, barcode, event, to);
