/** Every event a gateway sends, and what it does to the catalogue. The type makes the table complete. */
import { cartridgeMoved } from "./cartridge-moved.ts";
import type { EventContext, EventHandler, EventOf, EventType } from "./event-handler.ts";
import { librariesListed } from "./libraries-listed.ts";
import { libraryDescribed } from "./library-described.ts";
import { manifestPublished } from "./manifest-published.ts";
import { segmentDropped } from "./segment-dropped.ts";
import { segmentEvicted } from "./segment-evicted.ts";
import { segmentRecalled } from "./segment-recalled.ts";
import { segmentSealed } from "./segment-sealed.ts";
import { segmentUploaded } from "./segment-uploaded.ts";
import { volumeChanged } from "./volume-changed.ts";
import { volumeCreated } from "./volume-created.ts";
import { volumeExported } from "./volume-exported.ts";
import { volumeRemoved } from "./volume-removed.ts";
import { volumesListed } from "./volumes-listed.ts";

const handlers: { readonly [T in EventType]: EventHandler<T> } = {
  "library.described": libraryDescribed,
  "libraries.listed": librariesListed,
  "cartridge.moved": cartridgeMoved,
  "volume.exported": volumeExported,
  "volume.created": volumeCreated,
  "volume.changed": volumeChanged,
  "volume.removed": volumeRemoved,
  "volumes.listed": volumesListed,
  "segment.sealed": segmentSealed,
  "segment.uploaded": segmentUploaded,
  "segment.evicted": segmentEvicted,
  "segment.recalled": segmentRecalled,
  "segment.dropped": segmentDropped,
  "manifest.published": manifestPublished,
};

/** Applies one event inside the delivery's transaction. */
export function applyEvent<T extends EventType>(
  context: EventContext,
  type: T,
  body: EventOf<T>,
): Promise<void> {
  return handlers[type](context, body);
}
