/** The record: 32 bytes of header, then the payload. DESIGN.md "Record" is the description of these bytes. */
import { asBuffer, crc32cOf, readU64, writeU64 } from "./bytes.ts";

export const recordHeaderBytes = 32;

/** "RHRC" */
const magic = 0x52_48_52_43;
const headerVersion = 1;

export const recordType = { block: 1, filemarks: 2 } as const;
export type RecordType = (typeof recordType)[keyof typeof recordType];

/** Bits of the flags of a block; a run of filemarks has none. */
export const recordMark = { enciphered: 1, uncompressed: 2 } as const;
const marksMax = recordMark.enciphered | recordMark.uncompressed;

export interface RecordHeader {
  readonly type: RecordType;
  /** Of `recordMark`. */
  readonly marks: number;
  readonly logicalObjectNumber: number;
  /** Payload bytes of a block; number of filemarks of a run. */
  readonly length: number;
  readonly epoch: number;
  /** 0 for filemarks. */
  readonly payloadCrc32c: number;
}

/** Writes the header at `offset`; gives back the view of it. */
export const encodeRecordHeader = (
  header: RecordHeader,
  slab: Buffer,
  offset: number,
): Uint8Array => {
  slab.writeUInt32BE(magic, offset);
  slab.writeUInt8(header.type, offset + 4);
  slab.writeUInt8(header.marks, offset + 5);
  slab.writeUInt16BE(headerVersion, offset + 6);
  writeU64(slab, header.logicalObjectNumber, offset + 8);
  slab.writeUInt32BE(header.length, offset + 16);
  slab.writeUInt32BE(header.epoch, offset + 20);
  slab.writeUInt32BE(header.payloadCrc32c, offset + 24);
  slab.writeUInt32BE(crc32cOf([slab.subarray(offset, offset + 28)]), offset + 28);
  return slab.subarray(offset, offset + recordHeaderBytes);
};

/** Undefined: these 32 bytes are not a record's header (end of the records, torn, or rotten). */
export const decodeRecordHeader = (view: Uint8Array): RecordHeader | undefined => {
  if (view.byteLength < recordHeaderBytes) return undefined;
  const bytes = asBuffer(view);
  if (bytes.readUInt32BE(0) !== magic) return undefined;
  if (bytes.readUInt32BE(28) !== crc32cOf([bytes.subarray(0, 28)])) return undefined;
  const type = bytes.readUInt8(4);
  if (type !== recordType.block && type !== recordType.filemarks) return undefined;
  const marks = bytes.readUInt8(5);
  if (marks > (type === recordType.block ? marksMax : 0)) return undefined;
  if (bytes.readUInt16BE(6) !== headerVersion) return undefined;
  const length = bytes.readUInt32BE(16);
  if (length === 0) return undefined;
  return {
    type,
    marks,
    logicalObjectNumber: readU64(bytes, 8),
    length,
    epoch: bytes.readUInt32BE(20),
    payloadCrc32c: bytes.readUInt32BE(24),
  };
};
