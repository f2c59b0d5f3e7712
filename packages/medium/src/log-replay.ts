/** What the rows of volume.log, in order, say about a generation. Pure: what the files say comes after (recovery.ts). */
import assert from "node:assert/strict";
import type { EndOfDataRow, LogRow, PartitionRow, SegmentRow } from "./log-rows.ts";
import { partitionsMax } from "./limits.ts";
import type { Segment } from "./manifest.ts";
import { segmentHeaderBytes } from "./segment-header.ts";

export interface PartitionReplay {
  nextNumber: number;
  epoch: number;
  /** Undefined: it is the only one, and has the capacity of the volume. */
  capacityBytes: number | undefined;
  readonly segments: Segment[];
  readonly byNumber: Map<number, Segment>;
  /** The last cut of a segment that is still open. */
  readonly cuts: Map<number, EndOfDataRow>;
}

export interface Replay {
  generation: number;
  uuid: string;
  readonly partitions: PartitionReplay[];
}

const emptyPartition = (
  nextNumber: number,
  epoch: number,
  capacityBytes?: number,
): PartitionReplay => ({
  nextNumber,
  epoch,
  capacityBytes,
  segments: [],
  byNumber: new Map(),
  cuts: new Map(),
});

export const emptyReplay = (): Replay => ({ generation: 0, uuid: "", partitions: [] });

/** The rows of partitions stand in order behind the start row, before anything else. */
const replayPartition = ({ partitions }: Replay, row: PartitionRow): void => {
  const { partition, nextNumber, epoch, capacityBytes } = row;
  assert(partition < partitionsMax, "volume.log: a partition we cannot have");
  const first = partition === 0 && partitions[0]?.segments.length === 0;
  assert(first || partition === partitions.length, "volume.log: partitions stand in order");
  partitions[partition] = emptyPartition(nextNumber, epoch, capacityBytes);
};

const segmentOf = (row: SegmentRow): Segment => ({
  partition: row.partition,
  number: row.number,
  epoch: row.epoch,
  firstObject: row.firstObject,
  firstFilemark: row.firstFilemark,
  firstByte: row.firstByte,
  state: row.state,
  endObject: row.endObject,
  endFilemark: row.endFilemark,
  usedBytes: row.usedBytes,
  fileBytes: row.fileBytes,
  indexEntries: row.indexEntries,
  uncompressed: row.uncompressed,
  objectBytes: 0,
  receiptAt: -1,
  receiptBytes: 0,
  digestAt: -1,
  pins: 0,
});

const replaySegment = (replay: PartitionReplay, row: SegmentRow): void => {
  const known = replay.byNumber.get(row.number);
  if (known === undefined) {
    assert(row.number > (replay.segments.at(-1)?.number ?? 0), "segment numbers only grow");
    const segment = segmentOf(row);
    replay.segments.push(segment);
    replay.byNumber.set(row.number, segment);
    replay.nextNumber = Math.max(replay.nextNumber, row.number + 1);
    return;
  }
  assert(known.state === "open" && row.state === "sealed", "a segment is sealed once");
  const { state, endObject, endFilemark, usedBytes, fileBytes, indexEntries, uncompressed } = row;
  const sealed = { state, endObject, endFilemark, usedBytes, fileBytes, indexEntries };
  Object.assign(known, { ...sealed, uncompressed });
  replay.cuts.delete(row.number);
};

const replayEndOfData = (replay: PartitionReplay, row: EndOfDataRow): void => {
  replay.epoch = row.epoch;
  for (;;) {
    const last = replay.segments.at(-1);
    if (last === undefined || last.number <= row.number) break;
    replay.segments.pop();
    replay.byNumber.delete(last.number);
    replay.cuts.delete(last.number);
  }
  const cut = replay.byNumber.get(row.number);
  if (cut === undefined) return;
  if (cut.state === "open") {
    replay.cuts.set(row.number, row);
    return;
  }
  cut.endObject = row.objectNumber;
  cut.endFilemark = row.fileNumber;
  cut.usedBytes = row.byteOffset - segmentHeaderBytes;
};

/** Takes one row; rows about segments that were dropped since say nothing. */
export const replayRow = (replay: Replay, row: LogRow, offset: number, rowBytes: number): void => {
  if (row.kind === "start") {
    assert(offset === 0, "a log starts once");
    replay.generation = row.generation;
    replay.uuid = row.uuid;
    replay.partitions.push(emptyPartition(row.nextNumber, row.epoch));
    return;
  }
  if (row.kind === "partition") return replayPartition(replay, row);
  const partition = replay.partitions[row.partition];
  assert(partition !== undefined, "volume.log: a row of a partition that there is not");
  if (row.kind === "segment") return replaySegment(partition, row);
  if (row.kind === "endOfData") return replayEndOfData(partition, row);
  const segment = partition.byNumber.get(row.number);
  if (segment === undefined) return;
  if (row.kind === "digest") {
    segment.digestAt = offset;
    return;
  }
  segment.state = "uploaded";
  segment.objectBytes = row.objectBytes;
  segment.receiptAt = offset;
  segment.receiptBytes = rowBytes;
};
