/** A medium as a plain array of logical objects, for tests of the drive only. */
import type {
  LocateResult,
  Medium,
  MediumFault,
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
  objects: FakeObject[] = [];
  at = 0;
  /** Objects that are stored: what a synchronize has covered. */
  synchronizedCount = 0;
  synchronizations = 0;
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
    this.#waits = options.waits ?? false;
  }

  get position(): Position {
    const before = this.objects.slice(0, this.at);
    return {
      partition: 0,
      objectNumber: this.at,
      fileNumber: before.filter((object) => object === "filemark").length,
      byteOffset: before.reduce((sum, object) => sum + headerBytes + lengthOf(object), 0),
      endOfData: this.at === this.objects.length,
    };
  }

  writeBlocks(data: DataOut, blockLength: number): MaybePromise<WriteResult> {
    const bytes = new Uint8Array(Buffer.concat([...data.views]));
    data.release();
    return this.#answer("writeBlocks", () => {
      for (let start = 0; start < bytes.length; start += blockLength) {
        this.#append(bytes.slice(start, start + blockLength));
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
      const view = object.subarray(0, byteLengthMax);
      this.leases++;
      const release = () => {
        this.leases--;
      };
      return {
        kind: "block",
        length: object.length,
        data: { views: [view], byteLength: view.length, release },
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

  locate(objectNumber: number): MaybePromise<LocateResult> {
    return this.#answer<LocateResult>("locate", () => {
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
