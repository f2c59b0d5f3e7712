/** segment.dropped: an overwrite or erase took it out of the volume. Its row stays while its object may. */
import type { EventHandler } from "./event-handler.ts";

export const segmentDropped: EventHandler<"segment.dropped"> = async (context, { segment }) => {
  const { count } = await context.transaction.segment.updateMany({
    where: segment,
    data: { inCache: false, droppedAt: context.at },
  });
  if (count === 0) context.surprise("unknown segment dropped", { segment });
};
