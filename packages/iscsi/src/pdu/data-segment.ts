/** A PDU's data segment: views into receive slabs, held until the last reader lets go. */
import assert from "node:assert/strict";

/** Whoever lends the bytes of a receive chunk. One `release` for each `retain`. */
export interface SlabOwner {
  retain(): void;
  release(): void;
}

/** Views and their owners. Born with one holder, the parser's consumer; the last `release` gives the slabs back. */
export class DataSegment {
  readonly views: Uint8Array[] = [];
  #byteLength = 0;
  #owners: SlabOwner[] = [];
  #holders = 1;

  get byteLength(): number {
    return this.#byteLength;
  }

  /** Adds received bytes. Bytes that follow the last view in the same memory make that view longer: a slow sender
   * costs one view a slab, not one a packet. */
  append(view: Uint8Array, owner: SlabOwner): void {
    this.#byteLength += view.byteLength;
    const last = this.views.at(-1);
    const follows =
      last !== undefined &&
      last.buffer === view.buffer &&
      last.byteOffset + last.byteLength === view.byteOffset &&
      this.#owners.at(-1) === owner;
    if (follows) {
      this.views[this.views.length - 1] = new Uint8Array(
        last.buffer,
        last.byteOffset,
        last.byteLength + view.byteLength,
      );
      return;
    }
    owner.retain();
    this.views.push(view);
    this.#owners.push(owner);
  }

  /** One holder more. */
  retain(): void {
    assert(this.#holders > 0, "a data segment was retained after its release");
    this.#holders += 1;
  }

  /** One holder fewer; the last one gives the slabs back. */
  release(): void {
    assert(this.#holders > 0, "a data segment was released twice");
    this.#holders -= 1;
    if (this.#holders > 0) return;
    for (const owner of this.#owners) owner.release();
    this.#owners = [];
    this.views.length = 0;
  }
}

const unowned: SlabOwner = { retain: () => {}, release: () => {} };

/** A segment of bytes nobody lends: for PDUs we build ourselves. */
export function dataSegmentOf(...views: readonly Uint8Array[]): DataSegment {
  const segment = new DataSegment();
  for (const view of views) if (view.byteLength > 0) segment.append(view, unowned);
  return segment;
}

/** The first `byteLength` bytes of `views` after skipping `offset`: views again, no copy. */
export function sliceViews(
  views: readonly Uint8Array[],
  offset: number,
  byteLength: number,
): Uint8Array[] {
  const slices: Uint8Array[] = [];
  let skip = offset;
  let rest = byteLength;
  for (const view of views) {
    if (rest === 0) break;
    if (skip >= view.byteLength) {
      skip -= view.byteLength;
      continue;
    }
    const slice = view.subarray(skip, skip + rest);
    skip = 0;
    rest -= slice.byteLength;
    slices.push(slice);
  }
  return slices;
}

/** One array with the bytes of all views. Copies: for text and headers, never for payload. */
export function joinViews(views: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(views.reduce((sum, view) => sum + view.byteLength, 0));
  let offset = 0;
  for (const view of views) {
    joined.set(view, offset);
    offset += view.byteLength;
  }
  return joined;
}
