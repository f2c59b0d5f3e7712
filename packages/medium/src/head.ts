/** Where the volume stands, in one of its partitions, and how it gets elsewhere: reading, spacing, locating. */
import assert from "node:assert/strict";
import { failureOf, type Generation, type Partition, partitionOf } from "./generation.ts";
import type { Segment } from "./manifest.ts";
import type {
  LocateResult,
  MaybePromise,
  MediumFault,
  Position,
  ReadResult,
  SpaceResult,
  WriteResult,
} from "./port.ts";
import { beginning, endPlace, type Place, type Spaced } from "./positioning.ts";
import { recordHeaderBytes } from "./record-header.ts";

export interface HeadContext {
  generation(): Generation;
  synchronize(): MaybePromise<WriteResult>;
  /** The segment is being read. */
  reading(segment: Segment): void;
}

export class Head {
  readonly #context: HeadContext;
  #partition = 0;
  #at: Place = beginning;

  constructor(context: HeadContext) {
    this.#context = context;
  }

  get partition(): Partition {
    return partitionOf(this.#context.generation(), this.#partition);
  }

  get place(): Place {
    return this.#at;
  }

  get position(): Position {
    const { objectNumber, fileNumber, byteOffset } = this.#at;
    return {
      partition: this.#partition,
      objectNumber,
      fileNumber,
      byteOffset,
      endOfData: objectNumber === this.partition.manifest.endObject,
    };
  }

  /** To BOP of partition 0. */
  rewind(): void {
    this.#partition = 0;
    this.#at = beginning;
  }

  arriveAtEnd(): void {
    this.#at = endPlace(this.partition.manifest);
  }

  read(byteLengthMax: number): MaybePromise<ReadResult> {
    const { manifest, reader } = this.partition;
    const { objectNumber } = this.#at;
    const segment = manifest.holding(objectNumber);
    if (segment === undefined) return { kind: "endOfData" };
    this.#context.reading(segment);
    const known = reader.readKnown(segment, objectNumber, byteLengthMax);
    if (known !== undefined) return this.#passed(known);
    return reader.read(segment, objectNumber, byteLengthMax).then((result) => this.#passed(result));
  }

  async spaceBlocks(count: number): Promise<SpaceResult> {
    return this.#spaced(await this.partition.positioning.spaceBlocks(this.#at, count));
  }

  async spaceFilemarks(count: number): Promise<SpaceResult> {
    return this.#spaced(await this.partition.positioning.spaceFilemarks(this.#at, count));
  }

  locate(objectNumber: number, partition = this.#partition): MaybePromise<LocateResult> {
    return partition === this.#partition
      ? this.#locateHere(objectNumber)
      : this.#locateThere(objectNumber, partition);
  }

  #locateHere(objectNumber: number): MaybePromise<LocateResult> {
    const place = this.partition.positioning.placeOf(objectNumber);
    return place instanceof Promise
      ? place.then((found) => this.#arrive(objectNumber, this.#partition, found))
      : this.#arrive(objectNumber, this.#partition, place);
  }

  /**
   * Into another partition. What was written before is stored first: unsynced data is only ever in one partition, so
   * that a crash cannot lose the older part of it and keep the younger.
   */
  async #locateThere(objectNumber: number, partition: number): Promise<LocateResult> {
    const generation = this.#context.generation();
    const there = partitionOf(generation, partition);
    // After a failure there is nothing to store any more, and what is there can still be read.
    if (failureOf(generation) === undefined) {
      const synced = await this.#context.synchronize();
      if (synced.kind === "fault") return synced;
    }
    const place = await there.positioning.placeOf(objectNumber);
    if ("kind" in place) return place;
    await this.partition.reader.leave();
    return this.#arrive(objectNumber, partition, place);
  }

  /** The position is unchanged when the place could not be found. */
  #arrive(objectNumber: number, partition: number, found: Place | MediumFault): LocateResult {
    if ("kind" in found) return found;
    this.#partition = partition;
    this.#at = found;
    return { kind: found.objectNumber < objectNumber ? "endOfData" : "located" };
  }

  #passed(result: ReadResult): ReadResult {
    const { objectNumber, fileNumber, byteOffset } = this.#at;
    if (result.kind === "block") {
      this.#at = {
        objectNumber: objectNumber + 1,
        fileNumber,
        byteOffset: byteOffset + recordHeaderBytes + result.length,
      };
    } else if (result.kind === "filemark") {
      const next = this.partition.positioning.placeOf(objectNumber + 1);
      // Its index is in memory: the filemark was just found in it.
      assert(!(next instanceof Promise) && !("kind" in next));
      this.#at = next;
    }
    return result;
  }

  async #spaced(spaced: Spaced | MediumFault): Promise<SpaceResult> {
    if ("kind" in spaced) return spaced;
    const located = await this.#locateHere(spaced.objectNumber);
    if (located.kind === "fault") return located;
    return { kind: "spaced", moved: spaced.moved, stop: spaced.stop };
  }
}
