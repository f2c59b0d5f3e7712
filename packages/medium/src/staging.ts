/**
 * What is accepted and not yet written: a queue of batches (one `writev` each) and of the steps between them. Headers
 * are made in small slabs that are used again; payload stays where it is, as views.
 */
import assert from "node:assert/strict";
import { crc32cOf } from "./bytes.ts";
import { crc32cConcat } from "./crc-concat.ts";
import type { DiskFile } from "./disk.ts";
import { batchBytes, writevBuffersMax } from "./limits.ts";
import type { Segment } from "./manifest.ts";
import type { DataOut } from "./port.ts";
import { encodeRecordHeader, type RecordHeader, recordHeaderBytes } from "./record-header.ts";
import type { SegmentIndex } from "./segment-index.ts";

/** A segment that takes, or took, records and is not sealed on stable storage yet. */
export interface Target {
  readonly segment: Segment;
  readonly path: string;
  readonly index: SegmentIndex;
  file: DiskFile | undefined;
  /** File offset after the last record accepted, and after the last one written. */
  stagedEnd: number;
  flushedEnd: number;
  /** Of the bytes written; undefined after a cut: then it is read back when the segment is sealed. */
  fileCrc32c: number | undefined;
  /** Written since the last sync. */
  dirty: boolean;
}

export interface Batch {
  readonly kind: "write";
  readonly target: Target;
  readonly position: number;
  readonly buffers: Uint8Array[];
  readonly headers: Buffer;
  readonly owners: DataOut[];
  headerCount: number;
  bytes: number;
  /** Of all its bytes, in order. */
  crc32c: number;
  /** In flight: takes no more. */
  closed: boolean;
}
export type Step =
  | Batch
  | { readonly kind: "open"; readonly target: Target }
  | { readonly kind: "seal"; readonly target: Target };

const headersMax = writevBuffersMax;

export class Staging {
  readonly #steps: Step[] = [];
  readonly #freeHeaders: Buffer[] = [];
  #bytes = 0;
  #pushed = 0;

  /** Bytes accepted and not yet written. */
  get bytes(): number {
    return this.#bytes;
  }
  get length(): number {
    return this.#steps.length;
  }
  get first(): Step | undefined {
    return this.#steps[0];
  }
  /** Ordinal of the last step accepted; `taken` past it means that it is done. */
  get pushed(): number {
    return this.#pushed;
  }
  get taken(): number {
    return this.#pushed - this.#steps.length;
  }

  push(step: Step): void {
    this.#steps.push(step);
    this.#pushed += 1;
  }

  /** Adds one record to the last batch, or to a new one behind it. */
  addRecord(target: Target, header: RecordHeader, payload: readonly Uint8Array[]): Batch {
    const batch = this.#openBatch(target, payload.length + 1);
    const at = batch.headerCount * recordHeaderBytes;
    const headerView = encodeRecordHeader(header, batch.headers, at);
    batch.buffers.push(headerView);
    batch.headerCount += 1;
    batch.crc32c = crc32cConcat(batch.crc32c, crc32cOf([headerView]), recordHeaderBytes);
    let bytes = recordHeaderBytes;
    for (const view of payload) {
      batch.buffers.push(view);
      bytes += view.byteLength;
    }
    batch.crc32c = crc32cConcat(batch.crc32c, header.payloadCrc32c, bytes - recordHeaderBytes);
    batch.bytes += bytes;
    this.#bytes += bytes;
    target.stagedEnd += bytes;
    return batch;
  }

  /** The first step is done. */
  shift(): void {
    const step = this.#steps.shift();
    assert(step !== undefined);
    if (step.kind === "write") this.#letGo(step);
  }

  /** Nothing of this will be written: gives every buffer back. */
  clear(): void {
    for (const step of this.#steps) if (step.kind === "write") this.#letGo(step);
    this.#steps.length = 0;
    assert(this.#bytes === 0, "every staged byte is accounted for");
  }

  #openBatch(target: Target, buffers: number): Batch {
    const last = this.#steps.at(-1);
    if (
      last?.kind === "write" &&
      !last.closed &&
      last.bytes < batchBytes &&
      last.headerCount < headersMax &&
      last.buffers.length + buffers <= writevBuffersMax
    ) {
      assert(last.target === target, "an open batch belongs to the open segment");
      return last;
    }
    const batch: Batch = {
      kind: "write",
      target,
      position: target.stagedEnd,
      buffers: [],
      headers: this.#freeHeaders.pop() ?? Buffer.allocUnsafeSlow(headersMax * recordHeaderBytes),
      owners: [],
      headerCount: 0,
      bytes: 0,
      crc32c: 0,
      closed: false,
    };
    this.push(batch);
    return batch;
  }

  #letGo(batch: Batch): void {
    this.#bytes -= batch.bytes;
    this.#freeHeaders.push(batch.headers);
    for (const owner of batch.owners) owner.release();
  }
}

/** Cuts a list of views into runs of exactly `length` bytes; only `subarray`, never a copy. */
export const splitViews = (
  views: readonly Uint8Array[],
  length: number,
  onRun: (run: readonly Uint8Array[]) => void,
): void => {
  let run: Uint8Array[] = [];
  let missing = length;
  for (const view of views) {
    let from = 0;
    while (view.byteLength - from >= missing) {
      run.push(
        from === 0 && view.byteLength === missing ? view : view.subarray(from, from + missing),
      );
      from += missing;
      onRun(run);
      run = [];
      missing = length;
    }
    if (from < view.byteLength) {
      run.push(from === 0 ? view : view.subarray(from));
      missing -= view.byteLength - from;
    }
  }
  assert(run.length === 0, "data is a whole number of blocks");
};
