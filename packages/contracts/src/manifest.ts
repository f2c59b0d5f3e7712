/** The manifest of a volume: with the bucket and the KMS key, all that is needed to read it without any service. */
import { z } from "zod";
import { barcode, byteCount, entityName } from "./ids.ts";
import { receipt, wrappedKey } from "./receipt.ts";

export const manifestSegment = z.object({
  partition: z.int().min(0).max(3),
  number: z.int().min(1),
  /** Logical objects [firstObject, endObject); an overwrite may have cut a segment that holds more. */
  firstObject: z.int().min(0),
  endObject: z.int().min(0),
  /** Filemarks between BOP and the segment, and up to its end. */
  firstFilemark: z.int().min(0),
  endFilemark: z.int().min(0),
  /** Bytes of the segment file that belong to the volume (to the cut, or to the index). */
  usedBytes: byteCount,
  receipt,
});
export type ManifestSegment = z.infer<typeof manifestSegment>;

/** A medium auxiliary memory attribute (SPC-5 7.4); all of a volume's are at most 64 KiB. */
export const manifestAttribute = z.object({
  partition: z.int().min(0).max(3),
  identifier: z.int().min(0).max(0xff_ff),
  /** FORMAT: 0 binary, 1 ASCII, 2 text. */
  format: z.literal([0, 1, 2]),
  value: z.base64(),
});

export const manifest = z.object({
  format: z.literal("reelhouse-manifest"),
  version: z.literal(1),
  gateway: entityName,
  library: entityName,
  barcode,
  generation: z.int().min(1),
  /** Counts up with each manifest of the generation; the highest one holds. */
  sequence: z.int().min(1),
  createdAt: z.iso.datetime(),
  capacityBytes: byteCount,
  /** By number. Left out before there were several: one, of all the volume's capacity. */
  partitions: z
    .array(z.object({ capacityBytes: byteCount }))
    .min(1)
    .max(4)
    .optional(),
  /** In order of partition and identifier. Left out before there were any. */
  attributes: z.array(manifestAttribute).optional(),
  worm: z.boolean(),
  pool: z.string().nullable(),
  wrappedKey,
  /** True when every object of the volume is in a segment listed here; false while later ones still lie in the cache. */
  complete: z.boolean(),
  segments: z.array(manifestSegment),
});
export type Manifest = z.infer<typeof manifest>;
