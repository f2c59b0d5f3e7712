/** The first 128 bytes of a segment file: so that a lone file explains itself. DESIGN.md "Segment header". */
import {
  asBuffer,
  readU64,
  sealBytes,
  sealIsValid,
  uuidBytes,
  uuidText,
  writeU64,
} from "./bytes.ts";

export const segmentHeaderBytes = 128;

const magic = "RHSEGMNT";
const version = 1;
const barcodeBytes = 32;

export interface SegmentHeader {
  readonly partition: number;
  readonly generation: number;
  readonly number: number;
  readonly firstObject: number;
  readonly firstFilemark: number;
  /** Medium bytes between BOP and this segment. */
  readonly firstByte: number;
  readonly epoch: number;
  readonly uuid: string;
  readonly barcode: string;
}

export const encodeSegmentHeader = (header: SegmentHeader): Buffer => {
  const bytes = Buffer.alloc(segmentHeaderBytes);
  bytes.write(magic, 0, "latin1");
  bytes.writeUInt16BE(version, 8);
  bytes.writeUInt16BE(segmentHeaderBytes, 10);
  bytes.writeUInt32BE(header.partition, 12);
  bytes.writeUInt32BE(header.generation, 16);
  bytes.writeUInt32BE(header.number, 20);
  writeU64(bytes, header.firstObject, 24);
  writeU64(bytes, header.firstFilemark, 32);
  writeU64(bytes, header.firstByte, 40);
  bytes.writeUInt32BE(header.epoch, 48);
  bytes.set(uuidBytes(header.uuid), 56);
  bytes.write(header.barcode, 72, barcodeBytes, "latin1");
  return sealBytes(bytes);
};

/** Undefined: not a segment of a version we know, or torn. */
export const decodeSegmentHeader = (view: Uint8Array): SegmentHeader | undefined => {
  if (view.byteLength < segmentHeaderBytes) return undefined;
  const bytes = asBuffer(view.subarray(0, segmentHeaderBytes));
  if (bytes.toString("latin1", 0, 8) !== magic || !sealIsValid(bytes)) return undefined;
  if (bytes.readUInt16BE(8) !== version || bytes.readUInt16BE(10) !== segmentHeaderBytes) {
    return undefined;
  }
  return {
    partition: bytes.readUInt32BE(12),
    generation: bytes.readUInt32BE(16),
    number: bytes.readUInt32BE(20),
    firstObject: readU64(bytes, 24),
    firstFilemark: readU64(bytes, 32),
    firstByte: readU64(bytes, 40),
    epoch: bytes.readUInt32BE(48),
    uuid: uuidText(bytes.subarray(56, 72)),
    barcode: bytes.toString("latin1", 72, 72 + barcodeBytes).replace(/\0+$/, ""),
  };
};
