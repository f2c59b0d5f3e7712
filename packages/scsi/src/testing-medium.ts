/** A medium as a plain array of logical objects, for tests of the drive only. */
import type {
  BlockMarks,
  LocateResult,
  Medium,
  MediumAttribute,
  MediumFault,
  MediumPartition,
  Position,
  ReadResult,
  SpaceResult,
  WriteResult,
} from "./ssc/medium.ts";
import type { DataOut, MaybePromise } from "./task.ts";

export type FakeObject = Uint8Array | "filemark";

/** What the fake counts for each object besides its bytes. */
const headerBytes = 16;

export interface FakeOptions {
  readonly barcode?: string;
  readonly capacityBytes?: number;
  readonly writeProtected?: boolean;
  readonly worm?: boolean;
  /** Answer by promises. */
  readonly waits?: boolean;
}

export class FakeMedium implements Medium {
  readonly barcode: string;
  readonly capacityBytes: number;
  writeProtected: boolean;
  readonly worm: boolean;
  readonly partitionObjects: FakeObject[][] = [[]];
  capacitiesBytes: readonly number[];
  partition = 0;
  at = 0;
  compression = { inBytes: 0, outBytes: 0 };
  /** Blocks that were marked as enciphered, and as not to be compressed. */
  readonly enciphered = new WeakSet<Uint8Array>();
  readonly uncompressed = new WeakSet<Uint8Array>();
  readonly #attributes = new Map<number, Map<number, MediumAttribute>>();
  /** Objects that are stored: what a synchronize has covered. */
  synchronizedCount = 0;
  synchronizations = 0;
  recallsGivenUp = 0;
  /** Data handed out and not yet released. */
  leases = 0;
  /** Faults to answer with, by the name of the method, each once. */
  readonly faults = new Map<string, MediumFault["fault"]>();
  readonly #waits: boolean;

  constructor(options: FakeOptions = {}) {
    this.barcode = options.barcode ?? "RHS001L8";
    this.capacityBytes = options.capacityBytes ?? 1e12;
    this.writeProtected = options.writeProtected ?? false;
    this.worm = options.worm ?? false;
    this.capacitiesBytes = [this.capacityBytes];
    this.#waits = options.waits ?? false;
  }

  /** Of the present partition. */
  get objects(): FakeObject[] {
    return this.partitionObjects[this.partition]!;
  }

  set objects(objects: FakeObject[]) {
    this.partitionObjects[this.partition] = objects;
  }

  get partitions(): readonly MediumPartition[] {
    return this.partitionObjects.map((objects, number) => ({
      capacityBytes: this.capacitiesBytes[number]!,
      usedBytes: bytesOf(objects),
      objectCount: objects.length,
      filemarkCount: filemarksAmong(objects),
    }));
  }

  get position(): Position {
    const before = this.objects.slice(0, this.at);
    return {
      partition: this.partition,
      objectNumber: this.at,
      fileNumber: filemarksAmong(before),
      byteOffset: bytesOf(before),
      endOfData: this.at === this.objects.length,
    };
  }

  writeBlocks(
    data: DataOut,
    blockLength: number,
    marks: BlockMarks = {},
  ): MaybePromise<WriteResult> {
    const bytes = new Uint8Array(Buffer.concat([...data.views]));
    data.release();
    return this.#answer("writeBlocks", () => {
      for (let start = 0; start < bytes.length; start += blockLength) {
        const block = bytes.slice(start, start + blockLength);
        if (marks.enciphered === true) this.enciphered.add(block);
        if (marks.uncompressed === true) this.uncompressed.add(block);
        this.#append(block);
      }
      return { kind: "written" };
    });
  }

  writeFilemarks(count: number): MaybePromise<WriteResult> {
    return this.#answer("writeFilemarks", () => {
      for (let index = 0; index < count; index++) this.#append("filemark");
      return { kind: "written" };
    });
  }

  synchronize(): MaybePromise<WriteResult> {
    return this.#answer("synchronize", () => {
      this.synchronizations++;
      this.synchronizedCount = this.objects.length;
      return { kind: "written" };
    });
  }

  read(byteLengthMax: number): MaybePromise<ReadResult> {
    return this.#answer<ReadResult>("read", () => {
      const object = this.objects[this.at];
      if (object === undefined) return { kind: "endOfData" };
      this.at++;
      if (object === "filemark") return { kind: "filemark" };
      const enciphered = this.enciphered.has(object);
      const view = enciphered ? object : object.subarray(0, byteLengthMax);
      this.leases++;
      const release = () => {
        this.leases--;
      };
      return {
        kind: "block",
        length: object.length,
        data: { views: [view], byteLength: view.length, release },
        enciphered,
      };
    });
  }

  spaceBlocks(count: number): MaybePromise<SpaceResult> {
    return this.#answer("spaceBlocks", () => this.#space(count, (object) => object !== "filemark"));
  }

  spaceFilemarks(count: number): MaybePromise<SpaceResult> {
    return this.#answer("spaceFilemarks", () =>
      this.#space(count, (object) => object === "filemark"),
    );
  }

  spaceEndOfData(): MaybePromise<SpaceResult> {
    return this.#answer("spaceEndOfData", () => {
      this.at = this.objects.length;
      return { kind: "spaced", moved: 0, stop: "endOfData" };
    });
  }

  locate(objectNumber: number, partition = this.partition): MaybePromise<LocateResult> {
    return this.#answer<LocateResult>("locate", () => {
      this.partition = partition;
      this.at = Math.min(objectNumber, this.objects.length);
      return { kind: this.at === objectNumber ? "located" : "endOfData" };
    });
  }

  erase(): MaybePromise<WriteResult> {
    return this.#answer("erase", () => {
      this.objects.length = this.at;
      return { kind: "written" };
    });
  }

  giveUpRecall(): void {
    this.recallsGivenUp++;
  }

  format(capacitiesBytes: readonly number[]): MaybePromise<WriteResult> {
    return this.#answer("format", () => {
      this.capacitiesBytes = capacitiesBytes;
      this.partitionObjects.splice(0, Infinity, ...capacitiesBytes.map(() => []));
      this.partition = 0;
      this.at = 0;
      return { kind: "written" };
    });
  }

  attributes(partition: number): readonly MediumAttribute[] {
    const held = [...(this.#attributes.get(partition)?.values() ?? [])];
    return held.sort((one, other) => one.identifier - other.identifier);
  }

  writeAttributes(
    partition: number,
    attributes: readonly MediumAttribute[],
  ): MaybePromise<WriteResult> {
    return this.#answer("writeAttributes", () => {
      const held = this.#attributes.get(partition) ?? new Map<number, MediumAttribute>();
      this.#attributes.set(partition, held);
      for (const attribute of attributes) {
        if (attribute.value.length === 0) held.delete(attribute.identifier);
        else held.set(attribute.identifier, attribute);
      }
      return { kind: "written" };
    });
  }

  #append(object: FakeObject): void {
    this.objects.length = this.at;
    this.objects.push(object);
    this.at++;
  }

  #space(count: number, counts: (object: FakeObject) => boolean): SpaceResult {
    const step = Math.sign(count);
    const spacesBlocks = counts(new Uint8Array());
    let moved = 0;
    while (moved < Math.abs(count)) {
      const object = this.objects[step > 0 ? this.at : this.at - 1];
      if (object === undefined) {
        return { kind: "spaced", moved, stop: step > 0 ? "endOfData" : "beginningOfPartition" };
      }
      this.at += step;
      if (counts(object)) moved++;
      else if (spacesBlocks) return { kind: "spaced", moved, stop: "filemark" };
    }
    return { kind: "spaced", moved, stop: "count" };
  }

  #answer<T>(method: string, act: () => T): MaybePromise<T | MediumFault> {
    const fault = this.faults.get(method);
    this.faults.delete(method);
    const answer = (): T | MediumFault =>
      fault === undefined ? act() : { kind: "fault", fault, reason: "asked for by the test" };
    return this.#waits ? Promise.resolve().then(answer) : answer();
  }
}

function lengthOf(object: FakeObject): number {
  return object === "filemark" ? 0 : object.length;
}

function filemarksAmong(objects: readonly FakeObject[]): number {
  return objects.filter((object) => object === "filemark").length;
}

function bytesOf(objects: readonly FakeObject[]): number {
  return objects.reduce((sum, object) => sum + headerBytes + lengthOf(object), 0);
}
