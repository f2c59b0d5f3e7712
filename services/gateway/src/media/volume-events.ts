/** What a volume tells of itself, passed on to whom it concerns: the inventory, the uploads, the manifest, the cache. */
import type { EventBody } from "@reelhouse/contracts";
import type { SegmentDescription, VolumeEvent } from "@reelhouse/medium";
import { isHostAttribute } from "@reelhouse/scsi";
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

/** The run of objects that the segment is; said again, the latest holds. */
const sayRun = (
  library: string,
  barcode: string,
  description: SegmentDescription,
  to: VolumeListeners,
): void => {
  const { firstObject, endObject, segmentBytes } = description;
  const segment = houseRef(library, barcode, description);
  to.emit({ type: "segment.sealed", segment, firstObject, endObject, segmentBytes });
};

const handlers: Readonly<Record<VolumeEvent["type"], Handler>> = {
  sealed: (library, barcode, event, to) => {
    const segment = segmentOf(event);
    if (segment === undefined) return;
    sayRun(library, barcode, segment, to);
    to.sealed();
  },
  // The receipt goes with the event, so whoever recorded it tells (uploads.ts).
  uploaded: (_library, barcode, _event, to) => to.changed(barcode),
  evicted: say("segment.evicted"),
  recalled: say("segment.recalled"),
  // The last segment may end earlier now: what the store's manifest and the inventory say of it is no longer so.
  cut: (library, barcode, event, to) => {
    const segment = segmentOf(event);
    if (segment !== undefined && segment.state !== "open") {
      sayRun(library, barcode, segment, to);
      // To be told of a run means that it is in the cache.
      if (segment.state === "evicted" || segment.state === "recalling")
        say("segment.evicted")(library, barcode, event, to);
    }
    to.changed(barcode);
  },
  dropped: (library, barcode, event, to) => {
    say("segment.dropped")(library, barcode, event, to);
    to.changed(barcode);
  },
  generation: (_library, barcode, _event, to) => to.changed(barcode),
  // What the drive counts in them goes along with the next manifest: a mount alone makes none.
  attributes: (_library, barcode, event, to) => {
    if (event.type === "attributes" && event.identifiers.some(isHostAttribute)) to.changed(barcode);
  },
};

export const passOn = (
  library: string,
  barcode: string,
  event: VolumeEvent,
  to: VolumeListeners,
): void => handlers[event.type](library, barcode, event, to);
