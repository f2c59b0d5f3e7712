/** For this package's tests: seal and open bytes in memory. */
import { Readable } from "node:stream";
import { openSegment } from "./format/open.ts";
import { sealSegment } from "./format/seal.ts";
import type { SealedSegment, SealOptions } from "./format/seal.ts";

export const DATA_KEY = Buffer.alloc(32, 0x4b);
export const SEGMENT_ID = "gw1/RHS001L8/g1/p0/00000001";

export const seal = (
  plaintext: Buffer,
  options: Partial<SealOptions> = {},
): Promise<SealedSegment> =>
  sealSegment({
    segmentId: SEGMENT_ID,
    dataKey: DATA_KEY,
    plaintextBytes: plaintext.length,
    read: async (into, position) => plaintext.copy(into, 0, position),
    ...options,
  });

/** Cuts `bytes` into chunks of `chunkBytes`. */
export const chunked = (bytes: Buffer, chunkBytes: number): AsyncIterable<Uint8Array> => {
  const chunks: Buffer[] = [];
  for (let offset = 0; offset < bytes.length; offset += chunkBytes)
    chunks.push(bytes.subarray(offset, offset + chunkBytes));
  return Readable.from(chunks);
};

/** The plaintext, or what openSegment rejects with. */
export const open = async (
  bytes: Buffer,
  { segmentId = SEGMENT_ID, dataKey = DATA_KEY, chunkBytes = 64 * 1024 } = {},
): Promise<Buffer> => {
  const parts: Buffer[] = [];
  await openSegment(
    chunked(bytes, chunkBytes),
    segmentId,
    dataKey,
    (part) => void parts.push(part),
  );
  return Buffer.concat(parts);
};
