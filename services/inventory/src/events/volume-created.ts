/** volume.created: the gateway holds the volume. Also said again of every volume when a gateway begins a new outbox. */
import type { EventHandler } from "./event-handler.ts";
import { storeVolumeState } from "./volume-state.ts";

export const volumeCreated: EventHandler<"volume.created"> = (context, body) =>
  storeVolumeState(context, "described", body);
