/** What the rows of volume.log, in order, say about a generation. Pure: what the files say comes after (recovery.ts). */
import assert from "node:assert/strict";
import type { EndOfDataRow, LogRow, SegmentRow } from "./log-rows.ts";
import type { Segment } from "./manifest.ts";
import { segmentHeaderBytes } from "./segment-header.ts";

export interface Replay {
  generation: number;
  uuid: string;
  nextNumber: number;
  epoch: number;
  readonly segments: Segment[];
  readonly byNumber: Map<number, Segment>;
  /** The last cut of a segment that is still open. */
  readonly cuts: Map<number, EndOfDataRow>;
}

export const emptyReplay = (): Replay => ({
  generation: 0,
  uuid: "",
  nextNumber: 1,
  epoch: 0,
  segments: [],
  byNumber: new Map(),
  cuts: new Map(),
});

const segmentOf = (row: SegmentRow): Segment => ({
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
  objectBytes: 0,
  receiptAt: -1,
  receiptBytes: 0,
  digestAt: -1,
  pins: 0,
});

const replaySegment = (replay: Replay, row: SegmentRow): void => {
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
  const { state, endObject, endFilemark, usedBytes, fileBytes, indexEntries } = row;
  Object.assign(known, { state, endObject, endFilemark, usedBytes, fileBytes, indexEntries });
  replay.cuts.delete(row.number);
};

const replayEndOfData = (replay: Replay, row: EndOfDataRow): void => {
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
  switch (row.kind) {
    case "start":
      assert(offset === 0, "a log starts once");
      replay.generation = row.generation;
      replay.uuid = row.uuid;
      replay.nextNumber = row.nextNumber;
      replay.epoch = row.epoch;
      return;
    case "segment":
      return replaySegment(replay, row);
    case "endOfData":
      return replayEndOfData(replay, row);
    case "receipt": {
      const segment = replay.byNumber.get(row.number);
      if (segment === undefined) return;
      segment.state = "uploaded";
      segment.objectBytes = row.objectBytes;
      segment.receiptAt = offset;
      segment.receiptBytes = rowBytes;
      return;
    }
    case "digest": {
      const segment = replay.byNumber.get(row.number);
      if (segment !== undefined) segment.digestAt = offset;
      return;
    }
  }
};
