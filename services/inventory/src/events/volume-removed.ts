/** volume.removed: the medium is gone from the gateway. Its row stays, and what the store holds stays until a policy. */
import { removeTape } from "../store/tape-removal.ts";
import type { EventHandler } from "./event-handler.ts";

export const volumeRemoved: EventHandler<"volume.removed"> = async (context, body) => {
  const { library, barcode } = body;
  const known = await removeTape(context.transaction, { library, barcode }, context.at);
  if (!known) context.surprise("unknown volume removed", { library, barcode });
};
