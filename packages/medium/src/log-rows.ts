/**
 * Rows of volume.log: `length u32, crc32c u32` (over the length and the body), then the body, whose first byte is the
 * kind. DESIGN.md "volume.log". Kinds are never given a second meaning; a kind we do not know stops the opening.
 */
import assert from "node:assert/strict";
import { asBuffer, crc32cOf, readU64, uuidBytes, uuidText, writeU64 } from "./bytes.ts";
import { logRowBytesMax } from "./limits.ts";

export const logFrameBytes = 8;

/** "RHLG" */
const magic = 0x52_48_4c_47;
const version = 1;

/** `nextNumber` and `epoch` are those of partition 0, where no partition rows follow. */
export interface StartRow {
  readonly kind: "start";
  readonly generation: number;
  /** Segment numbers below this are used up. */
  readonly nextNumber: number;
  readonly epoch: number;
  readonly uuid: string;
}
/**
 * One for each partition, behind the start row, in order; none when there is only partition 0 with all of the volume's
 * capacity (as in every log before there were partitions).
 */
export interface PartitionRow {
  readonly kind: "partition";
  readonly partition: number;
  readonly nextNumber: number;
  readonly epoch: number;
  readonly capacityBytes: number;
}
export interface SegmentRow {
  readonly kind: "segment";
  readonly state: "open" | "sealed";
  /** A block in it was not to be compressed. Known when it is sealed; before, its records say it. */
  readonly uncompressed: boolean;
  readonly partition: number;
  readonly number: number;
  readonly epoch: number;
  readonly indexEntries: number;
  readonly firstObject: number;
  readonly endObject: number;
  readonly firstFilemark: number;
  readonly endFilemark: number;
  readonly firstByte: number;
  readonly usedBytes: number;
  readonly fileBytes: number;
}
export interface ReceiptRow {
  readonly kind: "receipt";
  readonly partition: number;
  readonly number: number;
  readonly objectBytes: number;
  /** UTF-8. As bytes: 245,000 receipts that nobody asked for are no reason to make as many strings. */
  readonly receiptJson: Uint8Array;
}
export interface DigestRow {
  readonly kind: "digest";
  readonly partition: number;
  readonly number: number;
  readonly sha256: string;
}
/** From here on nothing in this partition: cuts the segment at `byteOffset` of its file, drops every one after it. */
export interface EndOfDataRow {
  readonly kind: "endOfData";
  readonly partition: number;
  /** 0: no segment is left. */
  readonly number: number;
  /** Records written after the cut carry it. */
  readonly epoch: number;
  readonly objectNumber: number;
  readonly fileNumber: number;
  readonly byteOffset: number;
}
export type LogRow = StartRow | PartitionRow | SegmentRow | ReceiptRow | DigestRow | EndOfDataRow;

const kinds = { start: 1, segment: 2, receipt: 3, digest: 4, endOfData: 5, partition: 6 } as const;
const stateNumbers = { open: 1, sealed: 2 } as const;
const uncompressedFlag = 1;

const body = (bytes: number, row: LogRow, partition: number): Buffer => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUInt8(kinds[row.kind], 0);
  buffer.writeUInt8(partition, 1);
  return buffer;
};

const encoders: { [K in LogRow["kind"]]: (row: Extract<LogRow, { kind: K }>) => Buffer } = {
  start: (row) => {
    const bytes = body(40, row, 0);
    bytes.writeUInt32BE(magic, 4);
    bytes.writeUInt32BE(version, 8);
    bytes.writeUInt32BE(row.generation, 12);
    bytes.writeUInt32BE(row.nextNumber, 16);
    bytes.writeUInt32BE(row.epoch, 20);
    bytes.set(uuidBytes(row.uuid), 24);
    return bytes;
  },
  partition: (row) => {
    const bytes = body(24, row, row.partition);
    bytes.writeUInt32BE(row.nextNumber, 4);
    bytes.writeUInt32BE(row.epoch, 8);
    writeU64(bytes, row.capacityBytes, 16);
    return bytes;
  },
  segment: (row) => {
    const bytes = body(72, row, row.partition);
    bytes.writeUInt8(stateNumbers[row.state], 2);
    bytes.writeUInt8(row.uncompressed ? uncompressedFlag : 0, 3);
    bytes.writeUInt32BE(row.number, 4);
    bytes.writeUInt32BE(row.epoch, 8);
    bytes.writeUInt32BE(row.indexEntries, 12);
    writeU64(bytes, row.firstObject, 16);
    writeU64(bytes, row.endObject, 24);
    writeU64(bytes, row.firstFilemark, 32);
    writeU64(bytes, row.endFilemark, 40);
    writeU64(bytes, row.firstByte, 48);
    writeU64(bytes, row.usedBytes, 56);
    writeU64(bytes, row.fileBytes, 64);
    return bytes;
  },
  receipt: (row) => {
    const json = row.receiptJson;
    const bytes = body(16 + json.length, row, row.partition);
    bytes.writeUInt32BE(row.number, 4);
    writeU64(bytes, row.objectBytes, 8);
    bytes.set(json, 16);
    return bytes;
  },
  digest: (row) => {
    const bytes = body(40, row, row.partition);
    bytes.writeUInt32BE(row.number, 4);
    bytes.write(row.sha256, 8, 32, "hex");
    return bytes;
  },
  endOfData: (row) => {
    const bytes = body(40, row, row.partition);
    bytes.writeUInt32BE(row.number, 4);
    bytes.writeUInt32BE(row.epoch, 8);
    writeU64(bytes, row.objectNumber, 16);
    writeU64(bytes, row.fileNumber, 24);
    writeU64(bytes, row.byteOffset, 32);
    return bytes;
  },
};

const decoders: Record<number, (bytes: Buffer) => LogRow> = {
  [kinds.start]: (bytes) => {
    assert.equal(bytes.readUInt32BE(4), magic, "volume.log: not one of ours");
    assert.equal(bytes.readUInt32BE(8), version, "volume.log: a version we cannot read");
    return {
      kind: "start",
      generation: bytes.readUInt32BE(12),
      nextNumber: bytes.readUInt32BE(16),
      epoch: bytes.readUInt32BE(20),
      uuid: uuidText(bytes.subarray(24, 40)),
    };
  },
  [kinds.partition]: (bytes) => ({
    kind: "partition",
    partition: bytes.readUInt8(1),
    nextNumber: bytes.readUInt32BE(4),
    epoch: bytes.readUInt32BE(8),
    capacityBytes: readU64(bytes, 16),
  }),
  [kinds.segment]: (bytes) => ({
    kind: "segment",
    state: bytes.readUInt8(2) === stateNumbers.open ? "open" : "sealed",
    uncompressed: (bytes.readUInt8(3) & uncompressedFlag) !== 0,
    partition: bytes.readUInt8(1),
    number: bytes.readUInt32BE(4),
    epoch: bytes.readUInt32BE(8),
    indexEntries: bytes.readUInt32BE(12),
    firstObject: readU64(bytes, 16),
    endObject: readU64(bytes, 24),
    firstFilemark: readU64(bytes, 32),
    endFilemark: readU64(bytes, 40),
    firstByte: readU64(bytes, 48),
    usedBytes: readU64(bytes, 56),
    fileBytes: readU64(bytes, 64),
  }),
  [kinds.receipt]: (bytes) => ({
    kind: "receipt",
    partition: bytes.readUInt8(1),
    number: bytes.readUInt32BE(4),
    objectBytes: readU64(bytes, 8),
    receiptJson: bytes.subarray(16),
  }),
  [kinds.digest]: (bytes) => ({
    kind: "digest",
    partition: bytes.readUInt8(1),
    number: bytes.readUInt32BE(4),
    sha256: bytes.toString("hex", 8, 40),
  }),
  [kinds.endOfData]: (bytes) => ({
    kind: "endOfData",
    partition: bytes.readUInt8(1),
    number: bytes.readUInt32BE(4),
    epoch: bytes.readUInt32BE(8),
    objectNumber: readU64(bytes, 16),
    fileNumber: readU64(bytes, 24),
    byteOffset: readU64(bytes, 32),
  }),
};

/** The row with its frame. */
export const encodeLogRow = (row: LogRow): Buffer => {
  // TypeScript cannot see that the kind picks the encoder that takes this row.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same key on both sides
  const encode = encoders[row.kind] as (row: LogRow) => Buffer;
  const bytes = encode(row);
  assert(bytes.length <= logRowBytesMax, "a log row is at most 1 MiB");
  const frame = Buffer.alloc(logFrameBytes + bytes.length);
  frame.writeUInt32BE(bytes.length, 0);
  frame.writeUInt32BE(crc32cOf([bytes], crc32cOf([frame.subarray(0, 4)])), 4);
  frame.set(bytes, logFrameBytes);
  return frame;
};

/** Of the body; a receipt's is at least as long. */
const bodyBytes: Readonly<Record<number, number>> = {
  [kinds.start]: 40,
  [kinds.segment]: 72,
  [kinds.receipt]: 16,
  [kinds.digest]: 40,
  [kinds.endOfData]: 40,
  [kinds.partition]: 24,
};

/** Cheap: whether a row of a kind known here, with a length that it can have, may begin at `offset`. */
export const mayBeLogRow = (bytes: Buffer, offset: number): boolean => {
  if (offset + logFrameBytes >= bytes.length) return false;
  const length = bytes.readUInt32BE(offset);
  const kind = bytes.readUInt8(offset + logFrameBytes);
  const least = bodyBytes[kind];
  if (least === undefined) return false;
  return kind === kinds.receipt ? length >= least : length === least;
};

/**
 * The row at `offset`, and its length with its frame. `short`: the bytes end before it does. `torn`: what stands here
 * was never written whole. The row may hold views of `bytes`. Throws for a row that is whole but not of this version.
 */
export const decodeLogRow = (
  bytes: Buffer,
  offset: number,
): { readonly row: LogRow; readonly rowBytes: number } | "short" | "torn" => {
  if (offset + logFrameBytes > bytes.length) return "short";
  const length = bytes.readUInt32BE(offset);
  if (length === 0 || length > logRowBytesMax) return "torn";
  if (offset + logFrameBytes + length > bytes.length) return "short";
  const view = bytes.subarray(offset + logFrameBytes, offset + logFrameBytes + length);
  const crc = crc32cOf([view], crc32cOf([bytes.subarray(offset, offset + 4)]));
  if (crc !== bytes.readUInt32BE(offset + 4)) return "torn";
  const decode = decoders[view.readUInt8(0)];
  assert(decode !== undefined, `volume.log: a row of unknown kind ${view.readUInt8(0)}`);
  return { row: decode(asBuffer(view)), rowBytes: logFrameBytes + length };
};
