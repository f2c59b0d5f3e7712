/**
 * Reads a segment that was not sealed, record by record, and says how far it is good: header, number, epoch and both
 * checksums of every record. The first record that fails ends it; what is behind was never promised.
 */
import { crc32cOf } from "./bytes.ts";
import type { DiskFile } from "./disk.ts";
import { FileCursor } from "./file-cursor.ts";
import { blockLengthMax, cipherBytesMax } from "./limits.ts";
import type { EndOfDataRow } from "./log-rows.ts";
import type { Segment } from "./manifest.ts";
import {
  decodeRecordHeader,
  type RecordHeader,
  recordHeaderBytes,
  recordMark,
  recordType,
} from "./record-header.ts";
import { decodeSegmentHeader, segmentHeaderBytes } from "./segment-header.ts";
import { SegmentIndex } from "./segment-index.ts";

export interface ScanResult {
  readonly index: SegmentIndex;
  readonly endObject: number;
  readonly endFilemark: number;
  /** File offset after the last good record; 0 when not even the segment's header is good. */
  readonly end: number;
  /** Of the bytes before `end`. */
  readonly fileCrc32c: number;
  /** A block is marked so. */
  readonly uncompressed: boolean;
}

const nothing = (segment: Segment): ScanResult => ({
  index: new SegmentIndex(),
  endObject: segment.firstObject,
  endFilemark: segment.firstFilemark,
  end: 0,
  fileCrc32c: 0,
  uncompressed: false,
});

/** What the scan has found so far. */
interface Progress {
  readonly index: SegmentIndex;
  object: number;
  filemark: number;
  end: number;
  uncompressed: boolean;
  /** First object a cut inside the last record's run of filemarks could have left as the next. */
  nextObjectMin: number;
}

/** An object number smaller than counted: the last run of filemarks was cut there. */
const cutRun = (progress: Progress, objectNumber: number): void => {
  progress.filemark -= progress.object - objectNumber;
  progress.object = objectNumber;
  progress.index.cut(objectNumber);
};

const isTooLong = ({ type, length, marks }: RecordHeader): boolean => {
  const enciphered = (marks & recordMark.enciphered) !== 0;
  return type === recordType.block && length > blockLengthMax + (enciphered ? cipherBytesMax : 0);
};

const isNext = (
  header: RecordHeader,
  progress: Progress,
  segment: Segment,
  cut: EndOfDataRow | undefined,
): boolean => {
  if (header.logicalObjectNumber > progress.object) return false;
  if (header.logicalObjectNumber < progress.nextObjectMin) return false;
  if (isTooLong(header)) return false;
  if (cut === undefined) return header.epoch === segment.epoch;
  if (progress.end >= cut.byteOffset) return header.epoch === cut.epoch;
  return header.epoch >= segment.epoch && header.epoch <= cut.epoch;
};

const accept = (header: RecordHeader, progress: Progress): void => {
  const block = header.type === recordType.block;
  if (header.logicalObjectNumber < progress.object) cutRun(progress, header.logicalObjectNumber);
  progress.index.add({
    firstObject: progress.object,
    byteOffset: progress.end,
    count: block ? 1 : header.length,
    blockLength: block ? header.length : 0,
    filemarksBefore: progress.filemark,
  });
  progress.end += recordHeaderBytes + (block ? header.length : 0);
  progress.nextObjectMin = progress.object + 1;
  progress.object += block ? 1 : header.length;
  progress.filemark += block ? 0 : header.length;
  progress.uncompressed ||= (header.marks & recordMark.uncompressed) !== 0;
};

/** The file's CRC after the payload; undefined when the payload is torn or rotten. */
const checkPayload = async (
  cursor: FileCursor,
  header: RecordHeader,
  fileCrc32c: number,
): Promise<number | undefined> => {
  let left = header.length;
  let crc = 0;
  let fileCrc = fileCrc32c;
  while (left > 0) {
    const view = await cursor.some(left);
    if (view.byteLength === 0) return undefined;
    crc = crc32cOf([view], crc);
    fileCrc = crc32cOf([view], fileCrc);
    left -= view.byteLength;
  }
  return crc === header.payloadCrc32c ? fileCrc : undefined;
};

/** `cut`: the last end-of-data row of this segment: what lies at or behind it must be of its epoch. */
export const scanSegment = async (
  file: DiskFile,
  segment: Segment,
  cut: EndOfDataRow | undefined,
): Promise<ScanResult> => {
  const cursor = new FileCursor(file);
  const headerBytes = Buffer.alloc(segmentHeaderBytes);
  if (!(await cursor.fill(headerBytes))) return nothing(segment);
  const own = decodeSegmentHeader(headerBytes);
  if (own?.number !== segment.number || own.firstObject !== segment.firstObject) {
    return nothing(segment);
  }
  const progress: Progress = {
    index: new SegmentIndex(),
    object: segment.firstObject,
    filemark: segment.firstFilemark,
    end: segmentHeaderBytes,
    uncompressed: false,
    nextObjectMin: segment.firstObject,
  };
  let fileCrc32c = crc32cOf([headerBytes]);
  const bytes = Buffer.alloc(recordHeaderBytes);
  for (;;) {
    if (cut?.byteOffset === progress.end && cut.objectNumber < progress.object) {
      cutRun(progress, cut.objectNumber);
    }
    if (!(await cursor.fill(bytes))) break;
    const header = decodeRecordHeader(bytes);
    if (header === undefined || !isNext(header, progress, segment, cut)) break;
    let crc: number | undefined = crc32cOf([bytes], fileCrc32c);
    if (header.type === recordType.block) crc = await checkPayload(cursor, header, crc);
    if (crc === undefined) break;
    fileCrc32c = crc;
    accept(header, progress);
  }
  const { index, object: endObject, filemark: endFilemark, end, uncompressed } = progress;
  return { index, endObject, endFilemark, end, fileCrc32c, uncompressed };
};
