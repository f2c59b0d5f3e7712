/** segment.recalled: the file is back in the cache. */
import type { EventHandler } from "./event-handler.ts";

export const segmentRecalled: EventHandler<"segment.recalled"> = async (context, { segment }) => {
  const { count } = await context.transaction.segment.updateMany({
    where: segment,
    data: { inCache: true },
  });
  if (count === 0) context.surprise("unknown segment recalled", { segment });
};
