/** segment.uploaded: the store confirmed it. The receipt is kept even of a segment whose sealing was never told. */
import type { EventHandler } from "./event-handler.ts";

export const segmentUploaded: EventHandler<"segment.uploaded"> = async (context, body) => {
  const { segment, receipt } = body;
  const stored = {
    bucket: receipt.bucket,
    objectKey: receipt.key,
    etag: receipt.etag,
    versionId: receipt.versionId,
    storageClass: receipt.storageClass,
    objectBytes: BigInt(receipt.objectBytes),
    objectCrc32c: receipt.objectCrc32c,
    objectSha256: receipt.objectSha256,
    segmentBytes: BigInt(receipt.segmentBytes),
    segmentSha256: receipt.segmentSha256,
    uploadedAt: new Date(receipt.uploadedAt),
  };
  const row = await context.transaction.segment.upsert({
    where: { library_barcode_generation_partition_number: segment },
    create: { ...segment, ...stored, inCache: true },
    update: stored,
    select: { sealedAt: true },
  });
  if (row.sealedAt === null) context.surprise("segment uploaded before it was sealed", { segment });
};
