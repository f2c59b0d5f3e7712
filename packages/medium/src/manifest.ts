/** The segments of a partition in order, with sums kept as they change: every question is a lookup or a binary search. */
import assert from "node:assert/strict";
import { type SegmentEvent, type SegmentState, segmentTransitions } from "./segment-state.ts";

/** One segment, about 200 bytes of memory: what is bigger (receipt, digest, index) stays on disk. */
export interface Segment {
  readonly partition: number;
  readonly number: number;
  /** Epoch in which it was begun. */
  readonly epoch: number;
  readonly firstObject: number;
  readonly firstFilemark: number;
  readonly firstByte: number;
  state: SegmentState;
  endObject: number;
  endFilemark: number;
  /** Medium bytes: records with their headers, to the cut. */
  usedBytes: number;
  /** The whole file; for an open segment what is staged or written. */
  fileBytes: number;
  indexEntries: number;
  /** A block in it was not to be compressed. */
  uncompressed: boolean;
  objectBytes: number;
  /** Offsets of its live rows in volume.log; -1: none. */
  receiptAt: number;
  receiptBytes: number;
  digestAt: number;
  /** Readers that need its file to stay. */
  pins: number;
}

export interface Sums {
  usedBytes: number;
  fileBytes: number;
  /** In the store. */
  objectBytes: number;
  segments: number;
}

const noSums = (): Sums => ({ usedBytes: 0, fileBytes: 0, objectBytes: 0, segments: 0 });

export class Manifest {
  readonly segments: Segment[] = [];
  readonly sums: Record<SegmentState, Sums> = {
    open: noSums(),
    sealed: noSums(),
    uploaded: noSums(),
    evicted: noSums(),
    recalling: noSums(),
    lost: noSums(),
  };
  nextNumber: number;
  epoch: number;

  constructor(nextNumber: number, epoch: number) {
    this.nextNumber = nextNumber;
    this.epoch = epoch;
  }

  get last(): Segment | undefined {
    return this.segments.at(-1);
  }
  get endObject(): number {
    return this.last?.endObject ?? 0;
  }
  get endFilemark(): number {
    return this.last?.endFilemark ?? 0;
  }
  get endByte(): number {
    const { last } = this;
    return last === undefined ? 0 : last.firstByte + last.usedBytes;
  }

  add(segment: Segment): void {
    assert(segment.firstObject === this.endObject && segment.firstByte === this.endByte);
    assert(segment.number > (this.last?.number ?? 0), "segment numbers only grow");
    this.segments.push(segment);
    this.nextNumber = Math.max(this.nextNumber, segment.number + 1);
    this.#account(segment, 1);
  }

  /** Every change to a segment's state or sizes goes through here, so that the sums stay true. */
  change(segment: Segment, changes: Partial<Omit<Segment, "number">>): void {
    assert(this.byNumber(segment.number) === segment, "the segment is of this volume");
    this.#account(segment, -1);
    Object.assign(segment, changes);
    this.#account(segment, 1);
  }

  /** Like `change`, for one record appended to an open segment; the path of every write. */
  grow(segment: Segment, objects: number, filemarks: number, bytes: number): void {
    segment.endObject += objects;
    segment.endFilemark += filemarks;
    segment.usedBytes += bytes;
    segment.fileBytes += bytes;
    const sums = this.sums[segment.state];
    sums.usedBytes += bytes;
    sums.fileBytes += bytes;
  }

  /** False: the table refuses the event in the segment's state, or the segment was dropped meanwhile. */
  move(segment: Segment, event: SegmentEvent): boolean {
    if (this.byNumber(segment.number) !== segment) return false;
    const next = segmentTransitions[segment.state][event];
    if (next === "refused") return false;
    this.change(segment, { state: next });
    return true;
  }

  /** Takes the last `count` segments out. */
  dropLast(count: number): Segment[] {
    const dropped = this.segments.splice(this.segments.length - count, count);
    for (const segment of dropped) this.#account(segment, -1);
    return dropped;
  }

  byNumber(number: number): Segment | undefined {
    const found = this.segments[this.#lastAtMost((segment) => segment.number, number)];
    return found?.number === number ? found : undefined;
  }

  /** The segment that holds the object; undefined at and after the end of data. */
  holding(objectNumber: number): Segment | undefined {
    if (objectNumber >= this.endObject) return undefined;
    return this.segments[this.#lastAtMost((segment) => segment.firstObject, objectNumber)];
  }

  /** The segment that holds the filemark with `filemarks` filemarks before it. */
  holdingFilemark(filemarks: number): Segment | undefined {
    if (filemarks >= this.endFilemark) return undefined;
    return this.segments[this.#lastAtMost((segment) => segment.firstFilemark, filemarks)];
  }

  after(segment: Segment): Segment | undefined {
    return this.segments[this.#lastAtMost((one) => one.number, segment.number) + 1];
  }

  #account(segment: Segment, sign: 1 | -1): void {
    const sums = this.sums[segment.state];
    sums.usedBytes += sign * segment.usedBytes;
    sums.fileBytes += sign * segment.fileBytes;
    sums.objectBytes += sign * segment.objectBytes;
    sums.segments += sign;
  }

  #lastAtMost(key: (segment: Segment) => number, value: number): number {
    let low = -1;
    let high = this.segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      const segment = this.segments[middle];
      assert(segment !== undefined);
      if (key(segment) <= value) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
