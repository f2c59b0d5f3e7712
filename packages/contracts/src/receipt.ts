/** What is known of a segment once the object store has confirmed it. With the wrapped key, enough to read it back. */
import { z } from "zod";
import { byteCount, crc32cHex, sha256Hex } from "./ids.ts";

/** A volume's data key as KMS wrapped it; the plain key is never stored. */
export const wrappedKey = z.object({
  /** ARN or id of the KMS key that wrapped it. */
  kmsKeyId: z.string().min(1),
  /** CiphertextBlob of GenerateDataKey, base64. */
  ciphertext: z.base64(),
  /** The encryption context it was made with; KMS demands the same again. */
  context: z.record(z.string(), z.string()),
});
export type WrappedKey = z.infer<typeof wrappedKey>;

export const receipt = z.object({
  bucket: z.string().min(1),
  key: z.string().min(1),
  etag: z.string().min(1),
  versionId: z.string().nullable(),
  storageClass: z.string().min(1),
  /** Of the object, that is of ciphertext. */
  objectBytes: byteCount,
  objectCrc32c: crc32cHex,
  objectSha256: sha256Hex,
  /** Of the segment file in the cache, that is of what comes out again. */
  segmentBytes: byteCount,
  segmentSha256: sha256Hex,
  uploadedAt: z.iso.datetime(),
});
export type Receipt = z.infer<typeof receipt>;
