/**
 * Reads records of segments: finds them by the index, checks both checksums, hands out views of slabs. Knows nothing
 * of positions; the volume tells it which object.
 */
import assert from "node:assert/strict";
import { asBuffer, crc32cOf } from "./bytes.ts";
import { type Disk, type DiskFile, errorText } from "./disk.ts";
import { indexesCachedMax } from "./limits.ts";
import type { Segment } from "./manifest.ts";
import { fault, type MediumFault, type ReadResult, type Slab } from "./port.ts";
import { ReadWindows } from "./read-windows.ts";
import { decodeRecordHeader, recordHeaderBytes, recordMark } from "./record-header.ts";
import { segmentHeaderBytes } from "./segment-header.ts";
import { type IndexedPlace, indexEntryBytes, SegmentIndex } from "./segment-index.ts";
import { decodeSegmentTrailer, segmentTrailerBytes } from "./segment-trailer.ts";
import type { Target } from "./staging.ts";
import { segmentFileName } from "./volume-file.ts";

export interface ReaderContext {
  readonly disk: Disk;
  readonly directory: string;
  readonly generation: number;
  readonly uuid: string;
  acquire(): Slab;
  /** The segment while it is not sealed yet. */
  target(number: number): Target | undefined;
  /** Everything staged so far is in the files, or why not. */
  flush(): Promise<MediumFault | undefined>;
  /** The segment's file is in its place, or why not. */
  present(segment: Segment): Promise<MediumFault | undefined>;
  /** The file in its place is not what was written: true when the store's has replaced it. */
  renew(segment: Segment): Promise<boolean>;
}

interface Handle {
  readonly segment: Segment;
  readonly file: DiskFile;
}

export class SegmentReader {
  readonly #context: ReaderContext;
  readonly #windows: ReadWindows;
  /** Of sealed segments; the last used at the end. */
  readonly #indexes = new Map<number, SegmentIndex>();
  #handle: Handle | undefined;

  constructor(context: ReaderContext) {
    this.#context = context;
    this.#windows = new ReadWindows(() => context.acquire());
  }

  /** The index if it is in memory. */
  knownIndex(segment: Segment): SegmentIndex | undefined {
    return this.#context.target(segment.number)?.index ?? this.#indexes.get(segment.number);
  }

  async index(segment: Segment): Promise<SegmentIndex | MediumFault> {
    const known = this.knownIndex(segment);
    if (known !== undefined) return known;
    const loaded = await this.#index(segment);
    return loaded instanceof SegmentIndex || !(await this.#renewed(segment, loaded))
      ? loaded
      : this.#index(segment);
  }

  async #index(segment: Segment): Promise<SegmentIndex | MediumFault> {
    // Not to be evicted between being present and being opened.
    segment.pins += 1;
    try {
      const absent = await this.#context.present(segment);
      if (absent !== undefined) return absent;
      const index = await this.#loadIndex(segment);
      this.#indexes.set(segment.number, index);
      const [oldest] = this.#indexes.keys();
      if (this.#indexes.size > indexesCachedMax && oldest !== undefined)
        this.#indexes.delete(oldest);
      return index;
    } catch (error) {
      return fault("read", `segment ${segment.number}: ${errorText(error)}`);
    } finally {
      segment.pins -= 1;
    }
  }

  /** The block or filemark at `objectNumber` if everything for it is in memory. */
  readKnown(segment: Segment, objectNumber: number, byteLengthMax: number): ReadResult | undefined {
    const index = this.knownIndex(segment);
    if (index === undefined) return undefined;
    const place = index.placeOf(objectNumber);
    if (place.blockLength === 0) return { kind: "filemark" };
    if (this.#handle?.segment !== segment) return undefined;
    const bytes = recordHeaderBytes + place.blockLength;
    if (!this.#windows.covers(place.byteOffset, bytes)) return undefined;
    const result = this.#block(segment, objectNumber, place, byteLengthMax);
    // Bad as it lies in memory: it is read from the disk once more, and renewed if need be.
    return result.kind === "fault" ? undefined : result;
  }

  async read(segment: Segment, objectNumber: number, byteLengthMax: number): Promise<ReadResult> {
    const result = await this.#read(segment, objectNumber, byteLengthMax);
    return result.kind === "fault" && (await this.#renewed(segment, result))
      ? this.#read(segment, objectNumber, byteLengthMax)
      : result;
  }

  /** After a fault of the file itself: whether the store's has replaced it. The pin keeps it here meanwhile. */
  async #renewed(segment: Segment, { fault: kind }: MediumFault): Promise<boolean> {
    if (kind !== "read") return false;
    segment.pins += 1;
    try {
      if (!(await this.#context.renew(segment))) return false;
      // The file that is open, and what was read of it, is the bad one.
      await this.forget(segment);
      return true;
    } finally {
      segment.pins -= 1;
    }
  }

  async #read(segment: Segment, objectNumber: number, byteLengthMax: number): Promise<ReadResult> {
    const index = await this.index(segment);
    if (!(index instanceof SegmentIndex)) return index;
    const place = index.placeOf(objectNumber);
    if (place.blockLength === 0) return { kind: "filemark" };
    try {
      const bytes = recordHeaderBytes + place.blockLength;
      const failure = await this.#fill(segment, place.byteOffset, bytes);
      if (failure !== undefined) return failure;
    } catch (error) {
      return fault("read", `segment ${segment.number}: ${errorText(error)}`);
    }
    return this.#block(segment, objectNumber, place, byteLengthMax);
  }

  /** The segment is cut, dropped or evicted: nothing of it may be used any more. */
  async forget(segment: Segment): Promise<void> {
    this.#indexes.delete(segment.number);
    if (this.#handle?.segment === segment) await this.release();
  }

  /** The position left the partition: what is held for reading is needed elsewhere. */
  async leave(): Promise<void> {
    this.#indexes.clear();
    await this.release();
  }

  /** Lets go of the file in use, so that it may be evicted. */
  async release(): Promise<void> {
    this.#windows.clear();
    const handle = this.#handle;
    this.#handle = undefined;
    if (handle === undefined) return;
    await this.#windows.idle();
    handle.segment.pins -= 1;
    await handle.file.close();
  }

  async #fill(segment: Segment, offset: number, bytes: number): Promise<MediumFault | undefined> {
    const target = this.#context.target(segment.number);
    if (target !== undefined && target.flushedEnd < offset + bytes) {
      const failure = await this.#context.flush();
      if (failure !== undefined) return failure;
    }
    if (this.#handle?.segment !== segment) {
      const absent = await this.#openFile(segment);
      if (absent !== undefined) return absent;
    }
    const file = this.#handle?.file;
    assert(file !== undefined);
    const filled = await this.#windows.fill(file, offset, bytes, this.#readableEnd(segment));
    return filled
      ? undefined
      : fault("read", `segment ${segment.number} ends before ${offset + bytes}`);
  }

  /** The pin stays with the handle. */
  async #openFile(segment: Segment): Promise<MediumFault | undefined> {
    await this.release();
    const path = `${this.#context.directory}/${segmentFileName(segment.number)}`;
    segment.pins += 1;
    try {
      const absent = await this.#context.present(segment);
      if (absent !== undefined) return absent;
      this.#handle = { segment, file: await this.#context.disk.open(path, "read") };
      return undefined;
    } finally {
      if (this.#handle?.segment !== segment) segment.pins -= 1;
    }
  }

  #block(
    segment: Segment,
    objectNumber: number,
    place: IndexedPlace,
    byteLengthMax: number,
  ): ReadResult {
    const length = place.blockLength;
    const [first, ...others] = this.#windows.views(place.byteOffset, recordHeaderBytes);
    const headerView = first === undefined || others.length > 0 ? joined(first, others) : first;
    const header = decodeRecordHeader(headerView);
    const payloadAt = place.byteOffset + recordHeaderBytes;
    const good =
      header?.logicalObjectNumber === objectNumber &&
      header.length === length &&
      header.payloadCrc32c === crc32cOf(this.#windows.views(payloadAt, length));
    if (!good) {
      // Read from the disk again next time: it may have been the way here.
      this.#windows.clear();
      const what = header === undefined ? "header" : "payload";
      return fault("read", `segment ${segment.number}, object ${objectNumber}: bad ${what}`);
    }
    const enciphered = (header.marks & recordMark.enciphered) !== 0;
    const wanted = enciphered ? length : Math.min(length, byteLengthMax);
    const data = this.#windows.lease(payloadAt, wanted);
    const { file } = this.#handle ?? {};
    assert(file !== undefined, "a block is read from a file that is open");
    const end = this.#readableEnd(segment);
    this.#windows.taken(file, place.byteOffset, recordHeaderBytes + length, end);
    return { kind: "block", length, data, enciphered };
  }

  /** File offset behind the last record that can be read. */
  #readableEnd(segment: Segment): number {
    const target = this.#context.target(segment.number);
    return target?.flushedEnd ?? segmentHeaderBytes + segment.usedBytes;
  }

  async #loadIndex(segment: Segment): Promise<SegmentIndex> {
    const { disk, directory, generation, uuid } = this.#context;
    const file = await disk.open(`${directory}/${segmentFileName(segment.number)}`, "read");
    try {
      const bytes = Buffer.alloc(segmentTrailerBytes);
      await file.read(bytes, segment.fileBytes - segmentTrailerBytes);
      const trailer = decodeSegmentTrailer(bytes);
      if (
        trailer?.number !== segment.number ||
        trailer.generation !== generation ||
        trailer.uuid !== uuid
      ) {
        throw new Error("its trailer is damaged or of another segment");
      }
      const index = Buffer.alloc(trailer.indexEntries * indexEntryBytes);
      await file.read(index, trailer.indexOffset);
      if (crc32cOf([index]) !== trailer.indexCrc32c) throw new Error("its index is damaged");
      return new SegmentIndex(index, trailer.indexEntries);
    } finally {
      await file.close();
    }
  }
}

/** A header that straddles two slabs: 32 bytes, the only bytes ever joined. */
const joined = (first: Uint8Array | undefined, others: readonly Uint8Array[]): Buffer => {
  const header = Buffer.alloc(recordHeaderBytes);
  let at = 0;
  for (const view of first === undefined ? others : [first, ...others]) {
    header.set(asBuffer(view), at);
    at += view.byteLength;
  }
  return header;
};
