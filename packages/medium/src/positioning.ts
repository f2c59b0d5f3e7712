/** Where the n-th object or filemark lies: two binary searches, manifest and index, and never a scan (SSC-5 SPACE, LOCATE). */
import type { Manifest } from "./manifest.ts";
import type { MaybePromise, MediumFault, SpaceStop } from "./port.ts";
import { segmentHeaderBytes } from "./segment-header.ts";
import { SegmentIndex } from "./segment-index.ts";
import type { SegmentReader } from "./segment-reader.ts";

/** Between two objects: what lies between BOP and here. */
export interface Place {
  readonly objectNumber: number;
  readonly fileNumber: number;
  readonly byteOffset: number;
}

export const beginning: Place = { objectNumber: 0, fileNumber: 0, byteOffset: 0 };

export const endPlace = (manifest: Manifest): Place => ({
  objectNumber: manifest.endObject,
  fileNumber: manifest.endFilemark,
  byteOffset: manifest.endByte,
});

/** Where SPACE ends, as far as numbers tell. */
export interface Spaced {
  readonly objectNumber: number;
  readonly moved: number;
  readonly stop: SpaceStop;
}

export class Positioning {
  readonly #manifest: Manifest;
  readonly #reader: SegmentReader;

  constructor(manifest: Manifest, reader: SegmentReader) {
    this.#manifest = manifest;
    this.#reader = reader;
  }

  /** The place before the object; the end of data for any number behind it. */
  placeOf(objectNumber: number): MaybePromise<Place | MediumFault> {
    const segment = this.#manifest.holding(objectNumber);
    if (segment === undefined) return endPlace(this.#manifest);
    if (segment.firstObject === objectNumber) {
      return {
        objectNumber,
        fileNumber: segment.firstFilemark,
        byteOffset: segment.firstByte,
      };
    }
    const inIndex = (index: SegmentIndex | MediumFault): Place | MediumFault => {
      if (!(index instanceof SegmentIndex)) return index;
      const { byteOffset, fileNumber } = index.placeOf(objectNumber);
      const inSegment = byteOffset - segmentHeaderBytes;
      return { objectNumber, fileNumber, byteOffset: segment.firstByte + inSegment };
    };
    const known = this.#reader.knownIndex(segment);
    return known === undefined ? this.#reader.index(segment).then(inIndex) : inIndex(known);
  }

  /**
   * SPACE over blocks. Which filemark could stop it follows from the file number; its segment is only looked into when
   * the filemark may lie on the way.
   */
  async spaceBlocks(from: Place, count: number): Promise<Spaced | MediumFault> {
    const at = from.objectNumber;
    const target = at + count;
    const forward = count > 0;
    if (count === 0) return { objectNumber: at, moved: 0, stop: "count" };
    const mark = await this.#filemarkOnTheWay(
      forward ? from.fileNumber : from.fileNumber - 1,
      target,
      forward,
    );
    if (typeof mark === "object") return mark;
    if (forward) {
      if (mark !== undefined) return { objectNumber: mark + 1, moved: mark - at, stop: "filemark" };
      const end = this.#manifest.endObject;
      if (target > end) return { objectNumber: end, moved: end - at, stop: "endOfData" };
      return { objectNumber: target, moved: count, stop: "count" };
    }
    if (mark !== undefined) return { objectNumber: mark, moved: at - mark - 1, stop: "filemark" };
    if (target < 0) return { objectNumber: 0, moved: at, stop: "beginningOfPartition" };
    return { objectNumber: target, moved: -count, stop: "count" };
  }

  async spaceFilemarks(from: Place, count: number): Promise<Spaced | MediumFault> {
    const before = from.fileNumber;
    if (count === 0) return { objectNumber: from.objectNumber, moved: 0, stop: "count" };
    if (before + count > this.#manifest.endFilemark) {
      const moved = this.#manifest.endFilemark - before;
      return { objectNumber: this.#manifest.endObject, moved, stop: "endOfData" };
    }
    if (before + count < 0) return { objectNumber: 0, moved: before, stop: "beginningOfPartition" };
    const forward = count > 0;
    const mark = await this.#objectOfFilemark(forward ? before + count - 1 : before + count);
    if (typeof mark === "object") return mark;
    return { objectNumber: forward ? mark + 1 : mark, moved: Math.abs(count), stop: "count" };
  }

  /** Object number of the filemark when it lies between here and `target`. */
  async #filemarkOnTheWay(
    filemark: number,
    target: number,
    forward: boolean,
  ): Promise<number | undefined | MediumFault> {
    const segment = filemark < 0 ? undefined : this.#manifest.holdingFilemark(filemark);
    if (segment === undefined) return undefined;
    if (forward ? segment.firstObject >= target : segment.endObject <= target) return undefined;
    const mark = await this.#objectOfFilemark(filemark);
    if (typeof mark === "object") return mark;
    return (forward ? mark < target : mark >= target) ? mark : undefined;
  }

  async #objectOfFilemark(filemark: number): Promise<number | MediumFault> {
    const segment = this.#manifest.holdingFilemark(filemark);
    if (segment === undefined) throw new RangeError(`there is no filemark ${filemark}`);
    const index = this.#reader.knownIndex(segment) ?? (await this.#reader.index(segment));
    return index instanceof SegmentIndex ? index.objectOfFilemark(filemark) : index;
  }
}
