/** segment.evicted: the cache gave the file up. Only of a segment with a receipt. */
import type { EventHandler } from "./event-handler.ts";

export const segmentEvicted: EventHandler<"segment.evicted"> = async (context, { segment }) => {
  const { count } = await context.transaction.segment.updateMany({
    where: { ...segment, uploadedAt: { not: null } },
    data: { inCache: false },
  });
  if (count === 0) context.surprise("segment evicted without a receipt", { segment });
};
