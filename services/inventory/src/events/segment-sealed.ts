/**
 * segment.sealed: a run of logical objects became one file in the cache. Said again (after a crash a gateway tells all
 * it has), it takes nothing from the receipt, and the time of the first saying stays.
 */
import type { EventHandler } from "./event-handler.ts";

export const segmentSealed: EventHandler<"segment.sealed"> = async (context, body) => {
  const { transaction, at } = context;
  const { segment } = body;
  const run = {
    firstObject: BigInt(body.firstObject),
    endObject: BigInt(body.endObject),
    segmentBytes: BigInt(body.segmentBytes),
    inCache: true,
    droppedAt: null,
  };
  await transaction.segment.upsert({
    where: { library_barcode_generation_partition_number: segment },
    create: { ...segment, ...run, sealedAt: at },
    update: run,
  });
  await transaction.segment.updateMany({
    where: { ...segment, sealedAt: null },
    data: { sealedAt: at },
  });
};
