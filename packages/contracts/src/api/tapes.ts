/** REST resource: tapes. */
import { z } from "zod";
import { barcode, byteCount } from "../ids.ts";
import { createVolume } from "../control/volumes.ts";
import { elementPlace } from "../events/element.ts";

/** AWS's words for the life of a tape, as its API spells them. */
export const tapeStatus = z.enum(["CREATING", "AVAILABLE", "DELETING", "DELETED"]);

export const tape = z.object({
  barcode,
  status: tapeStatus,
  gateway: z.string(),
  library: z.string(),
  sizeBytes: byteCount,
  usedBytes: byteCount,
  uploadedBytes: byteCount,
  cachedBytes: byteCount,
  pendingBytes: byteCount,
  /** Null while it is in no element. */
  element: elementPlace.nullable(),
  /** Since when it lies where a host put it to be taken out: in an import/export element. Null: it does not. */
  exportedAt: z.iso.datetime().nullable(),
  worm: z.boolean(),
  pool: z.string().nullable(),
  generation: z.int(),
  kmsKeyId: z.string().nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Tape = z.infer<typeof tape>;

export const createTapeBody = z.strictObject({
  barcode,
  /** Left out: the native capacity of the format that an LTO label names. A barcode that names none needs it. */
  sizeBytes: createVolume.body.shape.capacityBytes.optional(),
  worm: z.boolean().default(false),
  pool: z.string().min(1).max(100).nullable().default(null),
  element: createVolume.body.shape.element.default("storage"),
  /** Left out: the gateway's first. */
  library: createVolume.body.shape.library,
});

export const tapeSegment = z.object({
  generation: z.int(),
  partition: z.int(),
  number: z.int(),
  firstObject: z.int(),
  endObject: z.int(),
  segmentBytes: byteCount,
  /** Where it lies: only here, here and in the store, or only in the store. */
  place: z.enum(["cache", "cache and store", "store"]),
  objectKey: z.string().nullable(),
  objectBytes: byteCount.nullable(),
  objectSha256: z.string().nullable(),
  storageClass: z.string().nullable(),
  sealedAt: z.iso.datetime(),
  uploadedAt: z.iso.datetime().nullable(),
});
