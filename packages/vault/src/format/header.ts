/** The header of a sealed segment, 224 bytes; see DESIGN.md, "Object format". Integers are big-endian. */
import assert from "node:assert/strict";
import { VaultError } from "../errors.ts";

/** Not text, and damaged by every transfer that rewrites line ends (the idea of PNG's signature). */
export const MAGIC = Buffer.from([0x89, 0x52, 0x48, 0x56, 0x0d, 0x0a, 0x1a, 0x0a]);
export const VERSION = 1;
export const SUITE_HKDF_SHA256_AES_256_GCM_STREAM = 1;
export const COMPRESSION = { none: 0, zstd: 1 } as const;
export type Compression = keyof typeof COMPRESSION;

const OFFSET = {
  magic: 0,
  version: 8,
  suite: 10,
  compression: 11,
  frameBytes: 12,
  plaintextBytes: 16,
  salt: 24,
  commitment: 56,
  segmentIdBytes: 88,
  reserved: 90,
  segmentId: 96,
} as const;
export const SALT_BYTES = 32;
export const COMMITMENT_BYTES = 32;
/** The longest id of contracts/ids.ts is 87 bytes. */
export const SEGMENT_ID_BYTES_MAX = 128;
export const HEADER_BYTES = OFFSET.segmentId + SEGMENT_ID_BYTES_MAX;

/** Below, tags and prefixes weigh more than a hundredth; above, a range read fetches too much. */
export const FRAME_BYTES_MIN = 2 * 1024;
export const FRAME_BYTES_MAX = 16 * 1024 * 1024;
/** One tape read is rarely longer, a tag costs nothing against it, and zstd gains little from more. */
export const FRAME_BYTES_DEFAULT = 1024 * 1024;

export interface Header {
  readonly compression: Compression;
  /** Plaintext of every frame but the last. */
  readonly frameBytes: number;
  readonly plaintextBytes: number;
  readonly salt: Uint8Array;
  readonly commitment: Uint8Array;
  readonly segmentId: string;
}

/** An empty segment still has one, final, frame: else nothing would authenticate its header. */
export const frameCount = (header: Pick<Header, "frameBytes" | "plaintextBytes">): number =>
  Math.max(1, Math.ceil(header.plaintextBytes / header.frameBytes));

/** Plaintext bytes of frame `index`. */
export const framePlaintextBytes = (
  header: Pick<Header, "frameBytes" | "plaintextBytes">,
  index: number,
): number => Math.min(header.frameBytes, header.plaintextBytes - index * header.frameBytes);

export const encodeHeader = (header: Header): Buffer => {
  const id = Buffer.from(header.segmentId, "utf8");
  assert(id.length > 0 && id.length <= SEGMENT_ID_BYTES_MAX, "segment id does not fit");
  assert(header.salt.length === SALT_BYTES);
  assert(header.commitment.length === COMMITMENT_BYTES);
  const bytes = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(bytes, OFFSET.magic);
  bytes.writeUInt16BE(VERSION, OFFSET.version);
  bytes.writeUInt8(SUITE_HKDF_SHA256_AES_256_GCM_STREAM, OFFSET.suite);
  bytes.writeUInt8(COMPRESSION[header.compression], OFFSET.compression);
  bytes.writeUInt32BE(header.frameBytes, OFFSET.frameBytes);
  bytes.writeBigUInt64BE(BigInt(header.plaintextBytes), OFFSET.plaintextBytes);
  bytes.set(header.salt, OFFSET.salt);
  bytes.set(header.commitment, OFFSET.commitment);
  bytes.writeUInt16BE(id.length, OFFSET.segmentIdBytes);
  bytes.set(id, OFFSET.segmentId);
  return bytes;
};

const refuse = (detail: string): never => {
  throw new VaultError("OBJECT_FORMAT", detail);
};

const decodeCompression = (value: number): Compression => {
  if (value === COMPRESSION.none) return "none";
  if (value === COMPRESSION.zstd) return "zstd";
  return refuse(`compression ${value}`);
};

const decodeSegmentId = (bytes: Buffer): string => {
  const length = bytes.readUInt16BE(OFFSET.segmentIdBytes);
  if (length === 0 || length > SEGMENT_ID_BYTES_MAX) refuse(`segment id of ${length} bytes`);
  const end = OFFSET.segmentId + length;
  const padding = [
    bytes.subarray(OFFSET.reserved, OFFSET.segmentId),
    bytes.subarray(end, HEADER_BYTES),
  ];
  if (padding.some((part) => part.some((byte) => byte !== 0))) refuse("reserved bytes are not 0");
  return bytes.toString("utf8", OFFSET.segmentId, end);
};

/** Reads, but does not authenticate: that is what the first opened frame does. Throws OBJECT_FORMAT. */
export const decodeHeader = (bytes: Buffer): Header => {
  if (bytes.length < HEADER_BYTES) refuse(`${bytes.length} bytes are too few for a header`);
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) refuse("no magic");
  const version = bytes.readUInt16BE(OFFSET.version);
  if (version !== VERSION) refuse(`format version ${version}`);
  const suite = bytes.readUInt8(OFFSET.suite);
  if (suite !== SUITE_HKDF_SHA256_AES_256_GCM_STREAM) refuse(`cipher suite ${suite}`);
  const frameBytes = bytes.readUInt32BE(OFFSET.frameBytes);
  if (frameBytes < FRAME_BYTES_MIN || frameBytes > FRAME_BYTES_MAX)
    refuse(`frames of ${frameBytes} bytes`);
  const plaintextBytes = bytes.readBigUInt64BE(OFFSET.plaintextBytes);
  if (plaintextBytes > BigInt(Number.MAX_SAFE_INTEGER)) refuse(`${plaintextBytes} bytes`);
  return {
    compression: decodeCompression(bytes.readUInt8(OFFSET.compression)),
    frameBytes,
    plaintextBytes: Number(plaintextBytes),
    salt: bytes.subarray(OFFSET.salt, OFFSET.salt + SALT_BYTES),
    commitment: bytes.subarray(OFFSET.commitment, OFFSET.commitment + COMMITMENT_BYTES),
    segmentId: decodeSegmentId(bytes),
  };
};
