/**
 * What a volume consists of, and what changes it as a whole: the queue through which all goes that must not overlap,
 * synchronising, sealing, cuts, new generations, and volume.json.
 */
import assert from "node:assert/strict";
import { isOverfull, withAttributes, withPartitions } from "./attributes.ts";
import type { Disk } from "./disk.ts";
import {
  closeGeneration,
  compactIfDead,
  type Generation,
  type GenerationContext,
  isClean,
  synchronizeAll,
} from "./generation.ts";
import { Head } from "./head.ts";
import { partitionsMax, segmentBytesDefault, stagedBytesMax } from "./limits.ts";
import { type Capacities, cutAt, nextGeneration, notReplaced } from "./overwrite.ts";
import {
  fault,
  type MaybePromise,
  type MediumAttribute,
  type MediumFault,
  type VolumePorts,
  type WriteResult,
  written,
} from "./port.ts";
import { SegmentKeeper } from "./segment-keeper.ts";
import { serial } from "./serial.ts";
import { type VolumeFile, volumeDirectory, writeVolumeFile } from "./volume-file.ts";
import type { VolumeOptions } from "./volume-options.ts";

export class VolumeCore {
  readonly context: GenerationContext;
  readonly keeper: SegmentKeeper;
  readonly head: Head;
  file: VolumeFile;
  /** Set by `create` and `open` before anyone sees the volume. */
  generation!: Generation;
  readonly #ports: VolumePorts;
  readonly #inOrder = serial();
  /** Calls in or before the exclusive section. */
  #queued = 0;
  #closed = false;

  constructor(
    disk: Disk,
    root: string,
    file: VolumeFile,
    ports: VolumePorts,
    options: VolumeOptions,
  ) {
    this.#ports = ports;
    this.file = file;
    this.keeper = new SegmentKeeper(disk, root, file.barcode, ports, () => this.generation);
    this.head = new Head({
      generation: () => this.generation,
      synchronize: () => this.synchronize(),
      reading: (segment) => this.keeper.askAhead(segment),
    });
    this.context = {
      disk,
      root,
      barcode: file.barcode,
      uuid: file.uuid,
      limits: {
        segmentBytesMax: options.segmentBytesMax ?? segmentBytesDefault,
        stagedBytesMax: options.stagedBytesMax ?? stagedBytesMax,
      },
      acquire: () => ports.buffers.acquire(),
      onSealed: (segment) => this.keeper.tell("sealed", segment),
      present: (segment) => this.keeper.presentForHost(segment),
      renew: (segment) => this.keeper.renewForHost(segment),
    };
  }

  exclusive<T>(work: () => Promise<T>): Promise<T> {
    this.#queued += 1;
    return this.#inOrder(work).finally(() => {
      this.#queued -= 1;
    });
  }

  synchronize(): MaybePromise<WriteResult> {
    if (this.#isIdle) return written;
    return this.exclusive(() => synchronizeAll(this.generation));
  }

  seal(): Promise<WriteResult> {
    const open = this.generation.partitions.some(({ writer }) => writer.current !== undefined);
    if (this.#isIdle && !open) return Promise.resolve(written);
    return this.exclusive(async () => {
      for (const { writer } of this.generation.partitions) writer.stageSeal();
      const synced = await synchronizeAll(this.generation);
      if (synced.kind === "written") await compactIfDead(this.generation, this.file.uuid);
      return synced;
    });
  }

  /**
   * Ends the partition's data at the position; within `exclusive`. At BOP of the only partition everything goes, into
   * a new generation; at BOP of one of several the others must stay, so that it is a cut like any other.
   */
  async cut(): Promise<MediumFault | undefined> {
    const { generation } = this;
    const synced = await synchronizeAll(generation);
    if (synced.kind === "fault") return synced;
    const { partition, place } = this.head;
    if (place.objectNumber === 0 && generation.partitions.length === 1) {
      return this.#begin(this.file, [partition.capacityBytes]);
    }
    const dropped = await cutAt(generation, partition, place);
    if (!Array.isArray(dropped)) return dropped;
    await this.keeper.afterCut(partition, dropped);
    return undefined;
  }

  format(capacitiesBytes: readonly number[]): Promise<WriteResult> {
    assert(capacitiesBytes.length > 0 && capacitiesBytes.length <= partitionsMax);
    assert(capacitiesBytes.every((bytes) => Number.isSafeInteger(bytes) && bytes > 0));
    return this.exclusive(async () => {
      const synced = await synchronizeAll(this.generation);
      if (synced.kind === "fault") return synced;
      const file = withPartitions(this.file, capacitiesBytes.length);
      return (await this.#begin(file, capacitiesBytes)) ?? written;
    });
  }

  writeAttributes(partition: number, attributes: readonly MediumAttribute[]): Promise<WriteResult> {
    return this.exclusive(async () => {
      assert(partition < this.generation.partitions.length, "attributes are of a partition");
      const file = withAttributes(this.file, partition, attributes);
      if (isOverfull(file)) return fault("full", "the medium auxiliary memory is full");
      try {
        await this.rewrite(file);
      } catch (error) {
        return notReplaced(this.generation, error);
      }
      const identifiers = attributes.map(({ identifier }) => identifier);
      this.#ports.onEvent?.({ type: "attributes", identifiers });
      return written;
    });
  }

  /**
   * Replaces volume.json; within `exclusive`. Rejects as `replaceFile` does; this volume then goes on with the old. And
   * when the volume is closed: a key that KMS sent late would put an old generation's name over the one that counts.
   */
  async rewrite(file: VolumeFile): Promise<void> {
    this.mustBeOpen();
    const { disk, root } = this.context;
    await writeVolumeFile(disk, volumeDirectory(root, file.barcode), file);
    this.file = file;
  }

  /** The folder may be another's by now: a volume that was closed changes nothing of it. */
  get isClosed(): boolean {
    return this.#closed;
  }

  mustBeOpen(): void {
    if (this.#closed) throw new Error(`volume ${this.file.barcode} is closed`);
  }

  close(): Promise<WriteResult> {
    return this.exclusive(async () => {
      const synced = await synchronizeAll(this.generation);
      if (!this.#closed) await closeGeneration(this.generation);
      this.#closed = true;
      return synced;
    });
  }

  /** Everything accepted is on stable storage, and nothing is under way. */
  get #isIdle(): boolean {
    return this.#queued === 0 && isClean(this.generation);
  }

  /** A new generation, empty; positioned at its beginning. All before is synchronised. */
  async #begin(file: VolumeFile, capacities: Capacities): Promise<MediumFault | undefined> {
    const old = this.generation;
    const next = await nextGeneration(this.context, file, old, capacities);
    if ("kind" in next) return next;
    this.file = next.file;
    this.generation = next.generation;
    this.head.rewind();
    for (const { manifest } of old.partitions)
      for (const segment of manifest.segments) this.keeper.tell("dropped", segment, old.number);
    this.#ports.onEvent?.({ type: "generation", generation: next.file.generation });
    return undefined;
  }
}
