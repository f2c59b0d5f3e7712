/** The names by which services speak of volumes and segments. */
import { z } from "zod";

/** Volume tag: what AWS allows (5 to 16), cut at none; backup products with 8-character limits read the first 8. */
export const barcode = z
  .string()
  .regex(/^[A-Z0-9]{5,16}$/, "a barcode is 5 to 16 characters out of A-Z and 0-9");

/** Name of a gateway or library: it stands in IQNs and in object keys. */
export const entityName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,31}$/,
    "a name is 1 to 32 characters out of a-z, 0-9 and -, not beginning with -",
  );

/** A count of bytes: a JSON number, exact to 2^53. */
export const byteCount = z.int().min(0);

export const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);
export const crc32cHex = z.string().regex(/^[0-9a-f]{8}$/);

/** Which segment, everywhere and for ever: numbers are never used twice within a generation. */
export const segmentRef = z.object({
  library: entityName,
  barcode,
  generation: z.int().min(1),
  partition: z.int().min(0).max(3),
  number: z.int().min(1),
});
export type SegmentRef = z.infer<typeof segmentRef>;

const digits = (number: number, width: number) => String(number).padStart(width, "0");

/** `<library>/<barcode>/g<generation>/p<partition>/<number>`: the job id, and the object's key below the prefix. */
export const segmentId = (ref: SegmentRef): string =>
  `${ref.library}/${ref.barcode}/g${ref.generation}/p${ref.partition}/${digits(ref.number, 8)}`;

/** Where a volume's manifests lie, below the prefix. */
export const manifestDirectory = (
  ref: Pick<SegmentRef, "library" | "barcode" | "generation">,
): string => `${ref.library}/${ref.barcode}/g${ref.generation}/manifest/`;

/** A manifest's key, below the prefix: in order of publication when sorted. */
export const manifestKey = (
  ref: Pick<SegmentRef, "library" | "barcode" | "generation">,
  sequence: number,
): string => `${manifestDirectory(ref)}${digits(sequence, 12)}.json`;
