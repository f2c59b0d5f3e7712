/**
 * Says all state to the inventory once more. Events are written after the state they tell of, so a crash between the two
 * can lose some; after a start that follows no clean stop, everything is told again. The inventory takes repeats.
 */
import { receipt } from "@reelhouse/contracts";
import type { EventBody } from "@reelhouse/contracts";
import type { Volume } from "@reelhouse/medium";
import type { Libraries } from "../library/libraries.ts";
import type { LibraryState } from "../library/library-state.ts";
import type { Media } from "../media/media.ts";
import { volumeState } from "../media/volume-state.ts";
import { houseRef } from "../vault-link/segment-names.ts";

async function describeSegments(
  library: string,
  volume: Volume,
  emit: (body: EventBody) => void,
): Promise<void> {
  for (const description of volume.segments()) {
    if (description.state === "open") continue;
    const { firstObject, endObject, segmentBytes, state } = description;
    const segment = houseRef(library, volume.barcode, description);
    emit({ type: "segment.sealed", segment, firstObject, endObject, segmentBytes });
    const text = await volume.receiptOf(description);
    if (text !== undefined)
      emit({ type: "segment.uploaded", segment, receipt: receipt.parse(JSON.parse(text)) });
    if (state === "evicted" || state === "recalling") emit({ type: "segment.evicted", segment });
  }
}

/**
 * The volumes of a library: those on disk, damaged ones too, and those that have a place, whose files may be on a disk that
 * is not there today.
 */
function volumesListed(
  { library, cartridges }: LibraryState,
  media: Media,
  libraryOf: Libraries["libraryOf"],
): EventBody {
  const placed = cartridges.map(({ barcode }) => barcode);
  const onDisk = media.barcodes().filter((barcode) => libraryOf(barcode) === library);
  return { type: "volumes.listed", library, barcodes: [...new Set([...placed, ...onDisk])] };
}

/** The libraries, every volume and every segment, in an order in which nothing is told of what is not known yet. */
export async function describeEverything(
  { all, list, libraryOf }: Pick<Libraries, "all" | "list" | "libraryOf">,
  media: Media,
  emit: (body: EventBody) => void,
): Promise<void> {
  for (const volume of media.volumes())
    emit({ type: "volume.created", ...volumeState(libraryOf(volume.barcode), volume) });
  for (const library of all()) library.describe();
  list();
  for (const { state } of all()) emit(volumesListed(state, media, libraryOf));
  for (const volume of media.volumes())
    await describeSegments(libraryOf(volume.barcode), volume, emit);
}
