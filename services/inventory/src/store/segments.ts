/** Reading a tape's segments: those of its current generation that an overwrite did not take out. */
import assert from "node:assert/strict";
import type { tapeSegment } from "@reelhouse/contracts";
import type { z } from "zod";
import type { Segment } from "../../generated/prisma/client.ts";
import type { Transaction } from "../database.ts";
import type { TapeKey } from "./tapes.ts";

export type SegmentView = z.infer<typeof tapeSegment>;

export interface SegmentPosition {
  readonly partition: number;
  readonly number: number;
}

const placeOf = ({ inCache, uploadedAt }: Segment): SegmentView["place"] => {
  if (uploadedAt === null) return "cache";
  return inCache ? "cache and store" : "store";
};

function segmentView(row: Segment): SegmentView {
  assert(row.sealedAt !== null, "only sealed segments are listed");
  return {
    generation: row.generation,
    partition: row.partition,
    number: row.number,
    firstObject: Number(row.firstObject),
    endObject: Number(row.endObject),
    segmentBytes: Number(row.segmentBytes),
    place: placeOf(row),
    objectKey: row.objectKey,
    objectBytes: row.objectBytes === null ? null : Number(row.objectBytes),
    objectSha256: row.objectSha256,
    storageClass: row.storageClass,
    sealedAt: row.sealedAt.toISOString(),
    uploadedAt: row.uploadedAt?.toISOString() ?? null,
  };
}

/** One page, in order of partition and number; one segment more than `limit` when there is a next page. */
export async function listSegments(
  database: Transaction,
  tape: TapeKey & { readonly generation: number },
  { after, limit }: { readonly after: SegmentPosition | null; readonly limit: number },
): Promise<SegmentView[]> {
  const { library, barcode, generation } = tape;
  const rows = await database.segment.findMany({
    where: {
      library,
      barcode,
      generation,
      droppedAt: null,
      // A receipt whose segment was never described says nothing of where it lies on the tape.
      sealedAt: { not: null },
      ...(after === null
        ? {}
        : {
            OR: [
              { partition: { gt: after.partition } },
              { partition: after.partition, number: { gt: after.number } },
            ],
          }),
    },
    orderBy: [{ partition: "asc" }, { number: "asc" }],
    take: limit + 1,
  });
  return rows.map(segmentView);
}
