/**
 * The index of a segment: runs of blocks of equal length, and runs of filemarks, 32 bytes each, in order. The same
 * bytes serve in memory while a segment is written, on disk when it is sealed, and in memory again when it is read.
 * DESIGN.md "Index".
 */
import assert from "node:assert/strict";
import { readU64, writeU64 } from "./bytes.ts";
import { recordHeaderBytes } from "./record-header.ts";

export const indexEntryBytes = 32;

export interface IndexEntry {
  readonly firstObject: number;
  /** Of the first record's header, in the segment file. */
  readonly byteOffset: number;
  readonly count: number;
  /** 0: a run of filemarks, which is one record. */
  readonly blockLength: number;
  /** Filemarks between BOP and the entry. */
  readonly filemarksBefore: number;
}

/** A place between two objects, as an index knows it. */
export interface IndexedPlace {
  readonly byteOffset: number;
  readonly fileNumber: number;
  /** Length of the block that begins here; 0: a filemark. */
  readonly blockLength: number;
}

export class SegmentIndex {
  #bytes: Buffer;
  #count: number;

  constructor(bytes: Buffer = Buffer.alloc(32 * indexEntryBytes), count = 0) {
    this.#bytes = bytes;
    this.#count = count;
  }

  get count(): number {
    return this.#count;
  }

  /** The index as it lies on disk. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#count * indexEntryBytes);
  }

  entry(at: number): IndexEntry {
    assert(at >= 0 && at < this.#count);
    const offset = at * indexEntryBytes;
    return {
      firstObject: readU64(this.#bytes, offset),
      byteOffset: readU64(this.#bytes, offset + 8),
      count: this.#bytes.readUInt32BE(offset + 16),
      blockLength: this.#bytes.readUInt32BE(offset + 20),
      filemarksBefore: readU64(this.#bytes, offset + 24),
    };
  }

  /** Whether one more block of this length would lengthen the last run instead of beginning a new one. */
  extends(blockLength: number): boolean {
    if (this.#count === 0 || blockLength === 0) return false;
    return this.#bytes.readUInt32BE((this.#count - 1) * indexEntryBytes + 20) === blockLength;
  }

  /** Adds one block, or (`blockLength` 0) one run of `count` filemarks. Records lie one after another. */
  add(entry: IndexEntry): void {
    if (this.extends(entry.blockLength)) {
      assert(entry.count === 1);
      const offset = (this.#count - 1) * indexEntryBytes + 16;
      this.#bytes.writeUInt32BE(this.#bytes.readUInt32BE(offset) + 1, offset);
      return;
    }
    const offset = this.#count * indexEntryBytes;
    if (offset === this.#bytes.length) {
      const larger = Buffer.alloc(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    writeU64(this.#bytes, entry.firstObject, offset);
    writeU64(this.#bytes, entry.byteOffset, offset + 8);
    this.#bytes.writeUInt32BE(entry.count, offset + 16);
    this.#bytes.writeUInt32BE(entry.blockLength, offset + 20);
    writeU64(this.#bytes, entry.filemarksBefore, offset + 24);
    this.#count += 1;
  }

  /** Forgets every object from `objectNumber` on; a run of filemarks may be left shorter than its record says. */
  cut(objectNumber: number): void {
    while (this.#count > 0) {
      const last = this.entry(this.#count - 1);
      if (last.firstObject < objectNumber) {
        const kept = Math.min(last.count, objectNumber - last.firstObject);
        this.#bytes.writeUInt32BE(kept, (this.#count - 1) * indexEntryBytes + 16);
        return;
      }
      this.#count -= 1;
    }
  }

  /** Where the object lies; the caller knows that it is in this segment. */
  placeOf(objectNumber: number): IndexedPlace {
    const entry = this.entry(this.#lastAtMost(objectNumber, 0));
    const passed = objectNumber - entry.firstObject;
    assert(passed >= 0 && passed < entry.count, "the object is in the segment");
    if (entry.blockLength === 0) {
      return {
        byteOffset: entry.byteOffset + (passed === 0 ? 0 : recordHeaderBytes),
        fileNumber: entry.filemarksBefore + passed,
        blockLength: 0,
      };
    }
    return {
      byteOffset: entry.byteOffset + passed * (recordHeaderBytes + entry.blockLength),
      fileNumber: entry.filemarksBefore,
      blockLength: entry.blockLength,
    };
  }

  /** Object number of the filemark that has `filemarks` filemarks before it; the caller knows it is in here. */
  objectOfFilemark(filemarks: number): number {
    const entry = this.entry(this.#lastAtMost(filemarks, 24));
    assert(entry.blockLength === 0 && filemarks < entry.filemarksBefore + entry.count);
    return entry.firstObject + (filemarks - entry.filemarksBefore);
  }

  /** The last entry whose 64-bit field at `field` is at most `value`. */
  #lastAtMost(value: number, field: number): number {
    let low = 0;
    let high = this.#count - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (readU64(this.#bytes, middle * indexEntryBytes + field) <= value) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
