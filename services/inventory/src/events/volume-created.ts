/** volume.created: the gateway holds the volume. Also said again of every volume when a gateway begins a new outbox. */
import type { EventHandler } from "./event-handler.ts";
import { storeVolumeState } from "./volume-state.ts";

/** Its segments, if it has any, are told after it: those that are not told again are gone. */
export const volumeCreated: EventHandler<"volume.created"> = async (context, body) => {
  const { library, barcode } = body;
  await context.transaction.segment.updateMany({
    where: { library, barcode, droppedAt: null },
    data: { inCache: false, droppedAt: context.at },
  });
  await storeVolumeState(context, "described", body);
};
