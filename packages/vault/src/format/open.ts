/** Opens a sealed segment: whole, as a stream; or its parts, for a range read. */
import { createHash, timingSafeEqual } from "node:crypto";
import { VaultError } from "../errors.ts";
import { createByteReader } from "./byte-reader.ts";
import type { ByteReader } from "./byte-reader.ts";
import { createDigest } from "./digest.ts";
import type { Digest } from "./digest.ts";
import { decodePrefix, FRAME_PREFIX_BYTES, openFrame, TAG_BYTES } from "./frame.ts";
import type { FramePrefix } from "./frame.ts";
import { checkPrefix, indexBytes, openIndex } from "./frame-index.ts";
import { decodeHeader, frameCount, framePlaintextBytes, HEADER_BYTES } from "./header.ts";
import type { Header } from "./header.ts";
import { deriveSegmentKey } from "./subkey.ts";
import type { SegmentKey } from "./subkey.ts";
import { decompressFrame } from "./zstd.ts";

/** A header read and tied to a key; what it says is authentic once one frame or the index has opened. */
export interface SegmentOpener {
  readonly header: Header;
  readonly headerHash: Buffer;
  readonly key: SegmentKey;
}

/** Throws OBJECT_FORMAT, OBJECT_IDENTITY (another segment's object) or OBJECT_KEY_MISMATCH. */
export const openHeader = (
  bytes: Buffer,
  segmentId: string,
  dataKey: Uint8Array,
): SegmentOpener => {
  const header = decodeHeader(bytes);
  if (header.segmentId !== segmentId)
    throw new VaultError("OBJECT_IDENTITY", `${header.segmentId} instead of ${segmentId}`);
  const key = deriveSegmentKey(dataKey, header.salt, segmentId);
  if (!timingSafeEqual(key.commitment, header.commitment))
    throw new VaultError("OBJECT_KEY_MISMATCH");
  const headerHash = createHash("sha256").update(bytes.subarray(0, HEADER_BYTES)).digest();
  return { header, headerHash, key };
};

/** Plaintext of frame `index`, authenticated. `body` is its ciphertext and tag. */
export const openBody = async (
  opener: SegmentOpener,
  index: number,
  prefixBytes: Uint8Array,
  prefix: FramePrefix,
  body: Buffer,
): Promise<Buffer> => {
  const kind = index === frameCount(opener.header) - 1 ? "final" : "inner";
  const plaintext = openFrame(
    { key: opener.key, headerHash: opener.headerHash, counter: index, kind },
    prefixBytes,
    body.subarray(0, prefix.ciphertextBytes),
    body.subarray(prefix.ciphertextBytes),
  );
  if (!prefix.compressed) return plaintext;
  return await decompressFrame(plaintext, framePlaintextBytes(opener.header, index));
};

export interface OpenedSegment {
  readonly object: Digest;
  readonly plaintext: Digest;
}

const readFrames = async (
  reader: ByteReader,
  opener: SegmentOpener,
  write: (plaintext: Buffer) => Promise<void> | void,
): Promise<void> => {
  const frames = frameCount(opener.header);
  const prefixes = createHash("sha256");
  for (let index = 0; index < frames; index += 1) {
    const prefixBytes = await reader.read(FRAME_PREFIX_BYTES);
    const prefix = decodePrefix(prefixBytes.readUInt32BE());
    checkPrefix(opener.header, index, prefix);
    prefixes.update(prefixBytes);
    const body = await reader.read(prefix.ciphertextBytes + TAG_BYTES);
    await write(await openBody(opener, index, prefixBytes, prefix, body));
  }
  const index = await reader.read(indexBytes(frames));
  openIndex(opener.key, opener.headerHash, opener.header, index);
  const listed = createHash("sha256").update(index.subarray(0, frames * FRAME_PREFIX_BYTES));
  if (!listed.digest().equals(prefixes.digest()))
    throw new VaultError("OBJECT_DAMAGED", "index and frames differ");
  await reader.expectEnd();
};

/**
 * Reads the whole object and hands its plaintext to `write`, frame by frame, each already authenticated. Resolves only
 * if header, every frame, index and end are right; before that nothing written may be taken for the segment.
 */
export const openSegment = async (
  source: AsyncIterable<Uint8Array>,
  segmentId: string,
  dataKey: Uint8Array,
  write: (plaintext: Buffer) => Promise<void> | void,
): Promise<OpenedSegment> => {
  const object = createDigest();
  const plaintext = createDigest();
  const reader = createByteReader(source, (chunk) => object.update(chunk));
  try {
    const opener = openHeader(await reader.read(HEADER_BYTES), segmentId, dataKey);
    await readFrames(reader, opener, async (opened) => {
      plaintext.update(opened);
      await write(opened);
    });
    opener.key.key.fill(0);
  } finally {
    await reader.close();
  }
  return { object: object.finish(), plaintext: plaintext.finish() };
};
