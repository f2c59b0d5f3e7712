/** The index behind the last frame: every frame's prefix once more, and a tag. It lets a range read find its frames. */
import assert from "node:assert/strict";
import { VaultError } from "../errors.ts";
import { decodePrefix, FRAME_PREFIX_BYTES, openFrame, sealFrame, TAG_BYTES } from "./frame.ts";
import type { FramePrefix } from "./frame.ts";
import { HEADER_BYTES, frameCount, framePlaintextBytes } from "./header.ts";
import type { Header } from "./header.ts";
import type { SegmentKey } from "./subkey.ts";

const EMPTY = Buffer.alloc(0);

/** What stands around a frame's ciphertext. */
export const FRAME_OVERHEAD_BYTES = FRAME_PREFIX_BYTES + TAG_BYTES;

export const indexBytes = (frames: number): number => frames * FRAME_PREFIX_BYTES + TAG_BYTES;

/** The longest object a segment can become: no frame is longer than its plaintext. */
export const objectBytesMax = (header: Pick<Header, "frameBytes" | "plaintextBytes">): number => {
  const frames = frameCount(header);
  return HEADER_BYTES + header.plaintextBytes + frames * FRAME_OVERHEAD_BYTES + indexBytes(frames);
};

/** Refuses what no writer writes, before anything is allocated after it: OBJECT_DAMAGED. */
export const checkPrefix = (header: Header, index: number, prefix: FramePrefix): void => {
  const plaintextBytes = framePlaintextBytes(header, index);
  const fits = prefix.compressed
    ? header.compression !== "none" && prefix.ciphertextBytes < plaintextBytes
    : prefix.ciphertextBytes === plaintextBytes;
  if (!fits) throw new VaultError("OBJECT_DAMAGED", `prefix of frame ${index}`);
};

const place = (key: SegmentKey, headerHash: Buffer) =>
  ({ key, headerHash, counter: 0xffff_ffff, kind: "index" }) as const;

/** Writes prefixes and tag into `into`. They are not secret (each stands before its frame), so they are not encrypted. */
export const sealIndex = (
  key: SegmentKey,
  headerHash: Buffer,
  prefixes: Uint8Array,
  into: Buffer,
): void => {
  assert.equal(into.length, prefixes.length + TAG_BYTES);
  into.set(prefixes, 0);
  sealFrame(place(key, headerHash), prefixes, EMPTY, into.subarray(prefixes.length));
};

export interface FrameLocation extends FramePrefix {
  /** Where the frame's prefix stands in the object. */
  readonly objectOffset: number;
}

/** Authenticates the index and says where each frame lies. */
export const openIndex = (
  key: SegmentKey,
  headerHash: Buffer,
  header: Header,
  bytes: Buffer,
): readonly FrameLocation[] => {
  const frames = frameCount(header);
  if (bytes.length !== indexBytes(frames)) throw new VaultError("OBJECT_DAMAGED", "index length");
  const prefixes = bytes.subarray(0, frames * FRAME_PREFIX_BYTES);
  openFrame(place(key, headerHash), prefixes, EMPTY, bytes.subarray(prefixes.length));
  let objectOffset = HEADER_BYTES;
  return Array.from({ length: frames }, (_, index) => {
    const prefix = decodePrefix(prefixes.readUInt32BE(index * FRAME_PREFIX_BYTES));
    checkPrefix(header, index, prefix);
    const location = { ...prefix, objectOffset };
    objectOffset += prefix.ciphertextBytes + FRAME_OVERHEAD_BYTES;
    return location;
  });
};
