/** The life of a volume and of its segments, as the gateway saw it. */
import { z } from "zod";
import { barcode, byteCount, entityName, segmentRef } from "../ids.ts";
import { receipt, wrappedKey } from "../receipt.ts";

const volumeState = z.object({
  library: entityName,
  barcode,
  generation: z.int().min(1),
  capacityBytes: byteCount,
  worm: z.boolean(),
  pool: z.string().nullable(),
  /** Bytes of the volume between BOP and end of data, record headers included. */
  usedBytes: byteCount,
  /** Of those: confirmed by the store; on the local disk; and not yet confirmed. */
  uploadedBytes: byteCount,
  cachedBytes: byteCount,
  pendingBytes: byteCount,
  /** Null until KMS has made the data key. */
  wrappedKey: wrappedKey.nullable(),
});
export type VolumeState = z.infer<typeof volumeState>;

export const volumeCreated = volumeState.extend({ type: z.literal("volume.created") });
/** The state after a change; the latest holds. Sent at synchronise points, at most once a second a volume. */
export const volumeChanged = volumeState.extend({ type: z.literal("volume.changed") });
export const volumeRemoved = z.object({
  type: z.literal("volume.removed"),
  library: entityName,
  barcode,
});

/**
 * The volumes of a library, damaged ones and all that have a place in it included: any other it had is no more. Sent when
 * everything is described, since the word that one was removed may have got lost.
 */
export const volumesListed = z.object({
  type: z.literal("volumes.listed"),
  library: entityName,
  barcodes: z.array(barcode),
});

/** A run of logical objects became one immutable file. */
export const segmentSealed = z.object({
  type: z.literal("segment.sealed"),
  segment: segmentRef,
  firstObject: z.int().min(0),
  endObject: z.int().min(0),
  segmentBytes: byteCount,
});
export const segmentUploaded = z.object({
  type: z.literal("segment.uploaded"),
  segment: segmentRef,
  receipt,
});
/** The cache gave the file up; the store has it. */
export const segmentEvicted = z.object({ type: z.literal("segment.evicted"), segment: segmentRef });
export const segmentRecalled = z.object({
  type: z.literal("segment.recalled"),
  segment: segmentRef,
});
/** An overwrite or erase took the segment out of the volume (its object, if any, stays until a policy deletes it). */
export const segmentDropped = z.object({ type: z.literal("segment.dropped"), segment: segmentRef });
export const manifestPublished = z.object({
  type: z.literal("manifest.published"),
  library: entityName,
  barcode,
  generation: z.int().min(1),
  sequence: z.int().min(1),
  key: z.string(),
  complete: z.boolean(),
});
