/** volume.changed: the volume's state after a synchronise point; the latest holds. */
import type { EventHandler } from "./event-handler.ts";
import { storeVolumeState } from "./volume-state.ts";

export const volumeChanged: EventHandler<"volume.changed"> = (context, body) =>
  storeVolumeState(context, "changed", body);
