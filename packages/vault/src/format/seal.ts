/**
 * Seals one segment: reads it frame by frame, compresses ahead of the encryption on zlib's threads, and lays the
 * object out in one buffer. Memory: the object, and LOOKAHEAD_FRAMES frames of plaintext.
 */
import { createHash, randomBytes } from "node:crypto";
import { createDigest } from "./digest.ts";
import type { Digest } from "./digest.ts";
import { encodePrefix, FRAME_PREFIX_BYTES, sealFrame, TAG_BYTES } from "./frame.ts";
import { indexBytes, objectBytesMax, sealIndex } from "./frame-index.ts";
import {
  encodeHeader,
  FRAME_BYTES_DEFAULT,
  frameCount,
  framePlaintextBytes,
  HEADER_BYTES,
  SALT_BYTES,
} from "./header.ts";
import { deriveSegmentKey } from "./subkey.ts";
import type { SegmentKey } from "./subkey.ts";
import { compressFrame, ZSTD_LEVEL_DEFAULT } from "./zstd.ts";

/** Keeps zlib's threads busy while a frame is being encrypted; more only costs memory. */
const LOOKAHEAD_FRAMES = 4;

/** Fills `into` with the plaintext from `position` on; fewer bytes than asked means the source is too short. */
export type ReadPlaintext = (into: Buffer, position: number) => Promise<number>;

export interface SealOptions {
  readonly segmentId: string;
  readonly dataKey: Uint8Array;
  readonly plaintextBytes: number;
  readonly read: ReadPlaintext;
  readonly frameBytes?: number | undefined;
  /** zstd level, or null for no compression. */
  readonly zstdLevel?: number | null | undefined;
  /** Only for the golden file: anywhere else salts are random. */
  readonly salt?: Buffer | undefined;
  /** Called with the plaintext bytes sealed so far. */
  readonly onProgress?: ((plaintextBytes: number) => void) | undefined;
}

export interface SealedSegment {
  readonly bytes: Buffer;
  readonly object: Digest;
  readonly plaintext: Digest;
}

interface Prepared {
  readonly plaintext: Buffer;
  readonly compressed: Promise<Buffer | null>;
}

interface Layout {
  readonly key: SegmentKey;
  readonly header: Buffer;
  readonly headerHash: Buffer;
}

const layOut = (options: SealOptions, frameBytes: number, zstdLevel: number | null): Layout => {
  const salt = options.salt ?? randomBytes(SALT_BYTES);
  const key = deriveSegmentKey(options.dataKey, salt, options.segmentId);
  const header = encodeHeader({
    compression: zstdLevel === null ? "none" : "zstd",
    frameBytes,
    plaintextBytes: options.plaintextBytes,
    salt,
    commitment: key.commitment,
    segmentId: options.segmentId,
  });
  return { key, header, headerHash: createHash("sha256").update(header).digest() };
};

/** Reads and starts compressing frames in order, at most LOOKAHEAD_FRAMES before the one being encrypted. */
async function* prepareFrames(
  options: SealOptions,
  frameBytes: number,
  zstdLevel: number | null,
): AsyncGenerator<Prepared> {
  const size = { frameBytes, plaintextBytes: options.plaintextBytes };
  const frames = frameCount(size);
  const slots = Array.from({ length: Math.min(frames, LOOKAHEAD_FRAMES + 1) }, () =>
    Buffer.allocUnsafe(Math.min(frameBytes, options.plaintextBytes)),
  );
  const queue: Prepared[] = [];
  for (let index = 0; index < frames; index += 1) {
    const wanted = framePlaintextBytes(size, index);
    const plaintext = slots[index % slots.length]!.subarray(0, wanted);
    const got = await options.read(plaintext, index * frameBytes);
    // A short source is sealed with zeros; its digest tells the caller, who never uploads it.
    plaintext.fill(0, got);
    const compressed =
      zstdLevel === null ? Promise.resolve(null) : compressFrame(plaintext, zstdLevel);
    // Awaited when its turn comes; should an earlier frame fail first, nobody else would take its rejection.
    compressed.catch(() => undefined);
    queue.push({ plaintext, compressed });
    if (queue.length > LOOKAHEAD_FRAMES) yield queue.shift()!;
  }
  yield* queue;
}

/**
 * The object's bytes with their digests, and the plaintext's digest as it was read: compare it with what the segment
 * should be before using the object. No errors of its own but those of `read`.
 */
export const sealSegment = async (options: SealOptions): Promise<SealedSegment> => {
  const frameBytes = options.frameBytes ?? FRAME_BYTES_DEFAULT;
  const zstdLevel = options.zstdLevel === undefined ? ZSTD_LEVEL_DEFAULT : options.zstdLevel;
  const size = { frameBytes, plaintextBytes: options.plaintextBytes };
  const frames = frameCount(size);
  const { key, header, headerHash } = layOut(options, frameBytes, zstdLevel);

  const bytes = Buffer.allocUnsafeSlow(objectBytesMax(size));
  const prefixes = Buffer.allocUnsafe(frames * FRAME_PREFIX_BYTES);
  const object = createDigest();
  const plaintext = createDigest();
  bytes.set(header, 0);
  object.update(header);
  let offset = HEADER_BYTES;
  let counter = 0;
  for await (const prepared of prepareFrames(options, frameBytes, zstdLevel)) {
    const compressed = await prepared.compressed;
    const body = compressed ?? prepared.plaintext;
    const frame = bytes.subarray(offset, offset + FRAME_PREFIX_BYTES + body.length + TAG_BYTES);
    const prefix = frame.subarray(0, FRAME_PREFIX_BYTES);
    prefix.writeUInt32BE(
      encodePrefix({ compressed: compressed !== null, ciphertextBytes: body.length }),
    );
    prefixes.set(prefix, counter * FRAME_PREFIX_BYTES);
    const kind = counter === frames - 1 ? "final" : "inner";
    sealFrame({ key, headerHash, counter, kind }, prefix, body, frame.subarray(FRAME_PREFIX_BYTES));
    object.update(frame);
    plaintext.update(prepared.plaintext);
    offset += frame.length;
    counter += 1;
    options.onProgress?.(Math.min(counter * frameBytes, options.plaintextBytes));
  }
  const index = bytes.subarray(offset, offset + indexBytes(frames));
  sealIndex(key, headerHash, prefixes, index);
  object.update(index);
  key.key.fill(0);
  return {
    bytes: bytes.subarray(0, offset + index.length),
    object: object.finish(),
    plaintext: plaintext.finish(),
  };
};
