/**
 * Job upload-segment: encrypt one sealed segment and put it in the store.
 *
 * Id: the segment's id. Doing it twice is harmless: the second finds the object, proves that it holds the same bytes
 * and answers with its receipt. Losing it is harmless: the gateway offers again what has no receipt.
 */
import { z } from "zod";
import { byteCount, segmentRef, sha256Hex } from "../ids.ts";
import { receipt, wrappedKey } from "../receipt.ts";

export const uploadSegment = {
  queue: "upload",
  name: "upload-segment",
  payload: z.object({
    segment: segmentRef,
    /** The file, relative to the media folder that gateway and uploader share. */
    path: z.string().min(1),
    segmentBytes: byteCount,
    segmentSha256: sha256Hex,
    wrappedKey,
    /** False: the host wrote with compression switched off. Left out by gateways that did not ask: compressed. */
    compress: z.boolean().optional(),
  }),
  result: z.object({ receipt }),
} as const;
export type UploadSegmentPayload = z.infer<typeof uploadSegment.payload>;
export type UploadSegmentResult = z.infer<typeof uploadSegment.result>;
