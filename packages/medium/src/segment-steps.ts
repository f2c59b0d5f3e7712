/** The steps of the append path, each on its own: begin a segment, write a batch, write the index and the trailer. */
import assert from "node:assert/strict";
import { crc32cOf } from "./bytes.ts";
import { crc32cConcat } from "./crc-concat.ts";
import type { Disk, DiskFile } from "./disk.ts";
import { slabBytes } from "./limits.ts";
import type { SegmentRow } from "./log-rows.ts";
import type { Manifest, Segment } from "./manifest.ts";
import { encodeSegmentHeader, segmentHeaderBytes } from "./segment-header.ts";
import { SegmentIndex } from "./segment-index.ts";
import { encodeSegmentTrailer } from "./segment-trailer.ts";
import type { Batch, Target } from "./staging.ts";
import { segmentFileName } from "./volume-file.ts";
import type { VolumeLog } from "./volume-log.ts";

export interface WriterIdentity {
  readonly barcode: string;
  readonly uuid: string;
  readonly generation: number;
  readonly partition: number;
  /** The folder of the segment files. */
  readonly directory: string;
}

export interface WriterLimits {
  readonly segmentBytesMax: number;
  readonly stagedBytesMax: number;
}

export interface WriterEvents {
  sealed(segment: Segment): void;
  /** Once: nothing can be written any more until the volume is opened anew. */
  failed(reason: string): void;
}

/** The row that says what the manifest knows of a segment. */
export const segmentRow = (segment: Segment): SegmentRow => ({
  kind: "segment",
  state: segment.state === "open" ? "open" : "sealed",
  uncompressed: segment.uncompressed,
  partition: segment.partition,
  number: segment.number,
  epoch: segment.epoch,
  indexEntries: segment.indexEntries,
  firstObject: segment.firstObject,
  endObject: segment.endObject,
  firstFilemark: segment.firstFilemark,
  endFilemark: segment.endFilemark,
  firstByte: segment.firstByte,
  usedBytes: segment.usedBytes,
  fileBytes: segment.fileBytes,
});

/** The next segment, in memory only: it begins where the data ends. */
export const beginTarget = (manifest: Manifest, identity: WriterIdentity): Target => {
  const segment: Segment = {
    partition: identity.partition,
    number: manifest.nextNumber,
    epoch: manifest.epoch,
    firstObject: manifest.endObject,
    firstFilemark: manifest.endFilemark,
    firstByte: manifest.endByte,
    state: "open",
    endObject: manifest.endObject,
    endFilemark: manifest.endFilemark,
    usedBytes: 0,
    fileBytes: segmentHeaderBytes,
    indexEntries: 0,
    uncompressed: false,
    objectBytes: 0,
    receiptAt: -1,
    receiptBytes: 0,
    digestAt: -1,
    pins: 0,
  };
  manifest.add(segment);
  return {
    segment,
    path: `${identity.directory}/${segmentFileName(segment.number)}`,
    index: new SegmentIndex(),
    file: undefined,
    stagedEnd: segmentHeaderBytes,
    flushedEnd: 0,
    fileCrc32c: 0,
    dirty: false,
  };
};

/** Makes the file with its header, and the `open` row. May be done again when the disk was full. */
export const openTarget = async (
  disk: Disk,
  log: VolumeLog,
  identity: WriterIdentity,
  target: Target,
): Promise<void> => {
  const { segment } = target;
  const { barcode, uuid, generation, partition } = identity;
  const { number, epoch, firstObject, firstFilemark, firstByte } = segment;
  await target.file?.close();
  target.file = undefined;
  target.file = await disk.open(target.path, "create");
  const header = encodeSegmentHeader({
    barcode,
    uuid,
    generation,
    partition,
    number,
    epoch,
    firstObject,
    firstFilemark,
    firstByte,
  });
  await target.file.writev([header], 0);
  // As it is at its beginning: records accepted meanwhile are not on the disk yet.
  await log.append({
    ...segmentRow(segment),
    uncompressed: false,
    endObject: firstObject,
    endFilemark: firstFilemark,
    usedBytes: 0,
    fileBytes: segmentHeaderBytes,
  });
  target.fileCrc32c = crc32cOf([header]);
  target.flushedEnd = segmentHeaderBytes;
  target.dirty = true;
};

export const writeBatch = async (batch: Batch): Promise<void> => {
  const { target } = batch;
  assert(target.file !== undefined && batch.position === target.flushedEnd);
  batch.closed = true;
  await target.file.writev(batch.buffers, batch.position);
  if (target.fileCrc32c !== undefined) {
    target.fileCrc32c = crc32cConcat(target.fileCrc32c, batch.crc32c, batch.bytes);
  }
  target.flushedEnd += batch.bytes;
  target.dirty = true;
};

/** Writes index and trailer behind the records. */
export const writeSeal = async (identity: WriterIdentity, target: Target): Promise<void> => {
  const { segment, index, file } = target;
  assert(file !== undefined && target.flushedEnd === target.stagedEnd);
  const crc = target.fileCrc32c ?? (await crcOfFile(file, target.flushedEnd));
  const { uuid, generation, partition } = identity;
  const { number, firstObject, endObject, firstFilemark, endFilemark, firstByte } = segment;
  const trailer = encodeSegmentTrailer({
    uuid,
    generation,
    partition,
    number,
    firstObject,
    endObject,
    firstFilemark,
    endFilemark,
    firstByte,
    endByte: firstByte + segment.usedBytes,
    indexOffset: target.flushedEnd,
    indexEntries: index.count,
    indexCrc32c: crc32cOf([index.bytes]),
    fileCrc32c: crc32cOf([index.bytes], crc),
  });
  await file.writev([index.bytes, trailer], target.flushedEnd);
};

const crcOfFile = async (file: DiskFile, bytes: number): Promise<number> => {
  const buffer = Buffer.allocUnsafeSlow(slabBytes);
  let crc = 0;
  for (let at = 0; at < bytes; at += slabBytes) {
    const view = buffer.subarray(0, Math.min(slabBytes, bytes - at));
    assert((await file.read(view, at)) === view.byteLength, "what was written can be read");
    crc = crc32cOf([view], crc);
  }
  return crc;
};
