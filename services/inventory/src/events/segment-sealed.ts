/** segment.sealed: a run of logical objects became one file in the cache. Said again, it takes nothing from the receipt. */
import type { EventHandler } from "./event-handler.ts";

export const segmentSealed: EventHandler<"segment.sealed"> = async ({ transaction, at }, body) => {
  const run = {
    firstObject: BigInt(body.firstObject),
    endObject: BigInt(body.endObject),
    segmentBytes: BigInt(body.segmentBytes),
    inCache: true,
    sealedAt: at,
    droppedAt: null,
  };
  await transaction.segment.upsert({
    where: { library_barcode_generation_partition_number: body.segment },
    create: { ...body.segment, ...run },
    update: run,
  });
};
