/** The last 128 bytes of a sealed segment file: where its index is, and what it holds. DESIGN.md "Trailer". */
import {
  asBuffer,
  readU64,
  sealBytes,
  sealIsValid,
  uuidBytes,
  uuidText,
  writeU64,
} from "./bytes.ts";

export const segmentTrailerBytes = 128;

const magic = "RHTRAILR";
const version = 1;

export interface SegmentTrailer {
  readonly partition: number;
  readonly generation: number;
  readonly number: number;
  readonly firstObject: number;
  readonly endObject: number;
  readonly firstFilemark: number;
  readonly endFilemark: number;
  /** Medium bytes between BOP and the segment's start and end. */
  readonly firstByte: number;
  readonly endByte: number;
  readonly indexOffset: number;
  readonly indexEntries: number;
  readonly indexCrc32c: number;
  /** Of every byte of the file before the trailer. */
  readonly fileCrc32c: number;
  readonly uuid: string;
}

export const encodeSegmentTrailer = (trailer: SegmentTrailer): Buffer => {
  const bytes = Buffer.alloc(segmentTrailerBytes);
  bytes.write(magic, 0, "latin1");
  bytes.writeUInt16BE(version, 8);
  bytes.writeUInt16BE(segmentTrailerBytes, 10);
  bytes.writeUInt32BE(trailer.partition, 12);
  bytes.writeUInt32BE(trailer.generation, 16);
  bytes.writeUInt32BE(trailer.number, 20);
  writeU64(bytes, trailer.firstObject, 24);
  writeU64(bytes, trailer.endObject, 32);
  writeU64(bytes, trailer.firstFilemark, 40);
  writeU64(bytes, trailer.endFilemark, 48);
  writeU64(bytes, trailer.firstByte, 56);
  writeU64(bytes, trailer.endByte, 64);
  writeU64(bytes, trailer.indexOffset, 72);
  bytes.writeUInt32BE(trailer.indexEntries, 80);
  bytes.writeUInt32BE(trailer.indexCrc32c, 84);
  bytes.writeUInt32BE(trailer.fileCrc32c, 88);
  bytes.set(uuidBytes(trailer.uuid), 96);
  return sealBytes(bytes);
};

/** Undefined: not a trailer of a version we know, or damaged. */
export const decodeSegmentTrailer = (view: Uint8Array): SegmentTrailer | undefined => {
  if (view.byteLength !== segmentTrailerBytes) return undefined;
  const bytes = asBuffer(view);
  if (bytes.toString("latin1", 0, 8) !== magic || !sealIsValid(bytes)) return undefined;
  if (bytes.readUInt16BE(8) !== version || bytes.readUInt16BE(10) !== segmentTrailerBytes) {
    return undefined;
  }
  return {
    partition: bytes.readUInt32BE(12),
    generation: bytes.readUInt32BE(16),
    number: bytes.readUInt32BE(20),
    firstObject: readU64(bytes, 24),
    endObject: readU64(bytes, 32),
    firstFilemark: readU64(bytes, 40),
    endFilemark: readU64(bytes, 48),
    firstByte: readU64(bytes, 56),
    endByte: readU64(bytes, 64),
    indexOffset: readU64(bytes, 72),
    indexEntries: bytes.readUInt32BE(80),
    indexCrc32c: bytes.readUInt32BE(84),
    fileCrc32c: bytes.readUInt32BE(88),
    uuid: uuidText(bytes.subarray(96, 112)),
  };
};
