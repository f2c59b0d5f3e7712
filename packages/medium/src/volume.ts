/**
 * A volume: the drive's Medium port on one side, the cache and the upload on the other. The drive makes one call at a
 * time; the rest (background sync, sealing, receipts, eviction) may come at any moment and goes through `#exclusive`.
 */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { Disk } from "./disk.ts";
import {
  compactIfDead,
  createGeneration,
  type Generation,
  type GenerationContext,
  openGeneration,
} from "./generation.ts";
import { blockLengthMax, filemarkRunMax, segmentBytesDefault, stagedBytesMax } from "./limits.ts";
import {
  type DataOut,
  type LocateResult,
  type MaybePromise,
  type MediumFault,
  type Position,
  type ReadResult,
  type SegmentDescription,
  type SegmentRef,
  type SpaceResult,
  type VolumePorts,
  type WriteResult,
  written,
} from "./port.ts";
import { cutAt, nextGeneration, removeStrayGenerations } from "./overwrite.ts";
import { beginning, endPlace, type Place, type Spaced } from "./positioning.ts";
import { recordHeaderBytes } from "./record-header.ts";
import type { RepairReport } from "./recovery.ts";
import { type SegmentDigest, SegmentKeeper } from "./segment-keeper.ts";
import { serial } from "./serial.ts";
import {
  readVolumeFile,
  type VolumeFile,
  volumeDirectory,
  writeVolumeFile,
} from "./volume-file.ts";
import type { NewVolume, VolumeOptions } from "./volume-options.ts";
import { WritePath } from "./write-path.ts";
import { describeVolume, type VolumeDescription } from "./volume-description.ts";

export class Volume {
  readonly #ports: VolumePorts;
  readonly #context: GenerationContext;
  readonly #keeper: SegmentKeeper;
  readonly #writes: WritePath;
  readonly #inOrder = serial();
  #file: VolumeFile;
  /** Set by `create` and `open` before anyone sees the volume. */
  #generation!: Generation;
  #at: Place = beginning;
  /** Calls in or before the exclusive section. */
  #queued = 0;

  private constructor(
    disk: Disk,
    root: string,
    file: VolumeFile,
    ports: VolumePorts,
    options: VolumeOptions,
  ) {
    this.#ports = ports;
    this.#file = file;
    const limits = {
      segmentBytesMax: options.segmentBytesMax ?? segmentBytesDefault,
      stagedBytesMax: options.stagedBytesMax ?? stagedBytesMax,
    };
    this.#keeper = new SegmentKeeper(disk, file.barcode, ports, () => this.#generation);
    this.#writes = new WritePath((bytes) => ports.admit(bytes), {
      writer: () => this.#generation.writer,
      atEnd: () => this.position.endOfData,
      arriveAtEnd: () => {
        this.#at = endPlace(this.#generation.manifest);
      },
      cut: () => this.#exclusive(() => this.#cut()),
    });
    this.#context = {
      disk,
      root,
      barcode: file.barcode,
      uuid: file.uuid,
      limits,
      acquire: () => ports.buffers.acquire(),
      onSealed: (segment) => this.#keeper.tell("sealed", segment),
      present: (segment) => this.#keeper.present(segment),
    };
  }

  /** Makes an empty volume in `<root>/<barcode>`. Throws when there is one. */
  static async create(
    disk: Disk,
    root: string,
    volume: NewVolume,
    ports: VolumePorts,
    options: VolumeOptions = {},
  ): Promise<Volume> {
    assert(/^[A-Z0-9]{1,32}$/.test(volume.barcode), "a barcode is a folder's name");
    const directory = volumeDirectory(root, volume.barcode);
    await disk.mkdir(directory);
    const there = await disk.readdir(directory);
    if (there.includes("volume.json")) throw new Error(`volume ${volume.barcode} exists`);
    const { barcode, capacityBytes, worm, pool, createdAt, uuid = randomUUID() } = volume;
    const file: VolumeFile = {
      format: "reelhouse-volume",
      version: 1,
      barcode,
      uuid,
      capacityBytes,
      worm,
      pool,
      generation: 1,
      writeProtected: false,
      wrappedKey: null,
      createdAt,
    };
    const made = new Volume(disk, root, file, ports, options);
    made.#generation = await createGeneration(made.#context, 1);
    await writeVolumeFile(disk, directory, file);
    await disk.syncDirectory(root);
    return made;
  }

  /** Opens a volume, repairs what a crash left, and says what it repaired. Positioned at BOP. */
  static async open(
    disk: Disk,
    root: string,
    barcode: string,
    ports: VolumePorts,
    options: VolumeOptions = {},
  ): Promise<{ readonly volume: Volume; readonly repaired: RepairReport }> {
    const directory = volumeDirectory(root, barcode);
    const file = await readVolumeFile(disk, directory);
    assert.equal(file.barcode, barcode, "a volume lies in the folder of its barcode");
    await removeStrayGenerations(disk, directory, file.generation);
    const volume = new Volume(disk, root, file, ports, options);
    const { generation, report } = await openGeneration(volume.#context, file.generation);
    volume.#generation = generation;
    const synced = await generation.writer.synchronize();
    if (synced.kind === "written") await compactIfDead(generation, file.uuid);
    return { volume, repaired: report };
  }

  get barcode(): string {
    return this.#file.barcode;
  }
  get uuid(): string {
    return this.#file.uuid;
  }
  get capacityBytes(): number {
    return this.#file.capacityBytes;
  }
  get writeProtected(): boolean {
    return this.#file.writeProtected;
  }
  /** Whoever writes must not overwrite or erase: the drive refuses it. */
  get worm(): boolean {
    return this.#file.worm;
  }
  get pool(): string | null {
    return this.#file.pool;
  }
  get createdAt(): string {
    return this.#file.createdAt;
  }
  get wrappedKey(): unknown {
    return this.#file.wrappedKey;
  }
  get generation(): number {
    return this.#file.generation;
  }
  /** Why nothing can be written until the volume is opened anew. */
  get failedWrite(): string | undefined {
    return this.#generation.writer.failed;
  }
  get position(): Position {
    const { objectNumber, fileNumber, byteOffset } = this.#at;
    const endOfData = objectNumber === this.#generation.manifest.endObject;
    return { partition: 0, objectNumber, fileNumber, byteOffset, endOfData };
  }

  /** Takes `data` in every case: it is released when it is written, or at once when it is refused. */
  writeBlocks(data: DataOut, blockLength: number): MaybePromise<WriteResult> {
    assert(blockLength > 0 && blockLength <= blockLengthMax);
    assert(data.byteLength % blockLength === 0, "a whole number of blocks");
    const bytes = data.byteLength + (data.byteLength / blockLength) * recordHeaderBytes;
    const stage = () => this.#generation.writer.stageBlocks(data, blockLength);
    return this.#writes.write(bytes, stage, () => data.release());
  }

  writeFilemarks(count: number): MaybePromise<WriteResult> {
    assert(count >= 0 && count <= filemarkRunMax);
    if (count === 0) return this.#writes.refusal() ?? written;
    const stage = () => this.#generation.writer.stageFilemarks(count);
    return this.#writes.write(recordHeaderBytes, stage, () => undefined);
  }

  /** All accepted before is on stable storage when it says "written". */
  synchronize(): MaybePromise<WriteResult> {
    if (this.#queued === 0 && this.#generation.writer.clean) return written;
    return this.#exclusive(() => this.#generation.writer.synchronize());
  }

  /** For the owner's timer: bounds the age of what is not on stable storage. A failure is kept for the next command. */
  async backgroundSync(): Promise<WriteResult> {
    return this.synchronize();
  }

  read(byteLengthMax: number): MaybePromise<ReadResult> {
    const { manifest, reader } = this.#generation;
    const { objectNumber } = this.#at;
    const segment = manifest.holding(objectNumber);
    if (segment === undefined) return { kind: "endOfData" };
    this.#keeper.askAhead(segment);
    const known = reader.readKnown(segment, objectNumber, byteLengthMax);
    if (known !== undefined) return this.#passed(known);
    return reader.read(segment, objectNumber, byteLengthMax).then((result) => this.#passed(result));
  }

  async spaceBlocks(count: number): Promise<SpaceResult> {
    return this.#spaced(await this.#generation.positioning.spaceBlocks(this.#at, count));
  }

  async spaceFilemarks(count: number): Promise<SpaceResult> {
    return this.#spaced(await this.#generation.positioning.spaceFilemarks(this.#at, count));
  }

  spaceEndOfData(): SpaceResult {
    this.#at = endPlace(this.#generation.manifest);
    return { kind: "spaced", moved: 0, stop: "endOfData" };
  }

  locate(objectNumber: number): MaybePromise<LocateResult> {
    const place = this.#generation.positioning.placeOf(objectNumber);
    const arrive = (found: Place | MediumFault): LocateResult => {
      if ("kind" in found) return found;
      this.#at = found;
      return { kind: found.objectNumber < objectNumber ? "endOfData" : "located" };
    };
    return place instanceof Promise ? place.then(arrive) : arrive(place);
  }

  /** Ends the data at the position; at BOP everything goes, into a new generation. */
  erase(): MaybePromise<WriteResult> {
    const refused = this.#writes.refusal();
    if (refused !== undefined) return refused;
    if (this.position.endOfData) return written;
    return this.#exclusive(async () => (await this.#cut()) ?? written);
  }

  /** Seals the open segment, so that all written so far may leave. Nothing to do when there is none. */
  seal(): Promise<WriteResult> {
    const { writer } = this.#generation;
    if (this.#queued === 0 && writer.clean && writer.current === undefined) {
      return Promise.resolve(written);
    }
    return this.#exclusive(async () => {
      this.#generation.writer.stageSeal();
      const synced = await this.#generation.writer.synchronize();
      if (synced.kind === "written") await compactIfDead(this.#generation, this.uuid);
      return synced;
    });
  }

  /** What the volume is and how much of it is where; O(1). */
  describe(): VolumeDescription {
    return describeVolume(this.#file, this.#generation.manifest);
  }

  /** In order, lazily: a volume may have 245,000. */
  *segments(): Generator<SegmentDescription> {
    for (const segment of this.#generation.manifest.segments) yield this.#keeper.describe(segment);
  }

  segment(ref: SegmentRef): SegmentDescription | undefined {
    const segment = this.#keeper.find(ref);
    return segment === undefined ? undefined : this.#keeper.describe(segment);
  }

  /**
   * SHA-256 of a sealed segment's file. The first time it is read through, in pieces, and compared with the checksum
   * made while it was written (rejects when they differ); afterwards it is known. Undefined: not (or no longer) sealed.
   */
  describeSegment(ref: SegmentRef): Promise<SegmentDigest | undefined> {
    return this.#keeper.digest(ref);
  }

  /** Keeps the store's receipt, durably. False: no longer of this volume. Rejects after a failed sync. */
  recordReceipt(ref: SegmentRef, receiptJson: string, objectBytes: number): Promise<boolean> {
    return this.#exclusive(() => this.#keeper.recordReceipt(ref, receiptJson, objectBytes));
  }

  receiptOf(ref: SegmentRef): Promise<string | undefined> {
    return this.#exclusive(() => this.#keeper.receipt(ref));
  }

  /** Gives the segment's file up. False: no receipt, in use, not here, not removable now, or a sync failed. */
  evict(ref: SegmentRef): Promise<boolean> {
    return this.#exclusive(() => this.#keeper.evict(ref));
  }

  /** Brings an evicted segment's file back without reading it: what `recallAhead` asks for. */
  async recall(ref: SegmentRef): Promise<MediumFault | undefined> {
    const segment = this.#keeper.find(ref);
    return segment === undefined ? undefined : this.#keeper.present(segment);
  }

  setWrappedKey(wrappedKey: unknown): Promise<void> {
    return this.#exclusive(() => this.#rewrite({ ...this.#file, wrappedKey }));
  }

  setWriteProtected(writeProtected: boolean): Promise<void> {
    return this.#exclusive(() => this.#rewrite({ ...this.#file, writeProtected }));
  }

  /** The cartridge left its drive: gives back what was held for reading, so that every segment may be evicted. */
  rest(): Promise<void> {
    return this.#exclusive(() => this.#generation.reader.release());
  }

  /** Synchronises and lets go of every file. The volume is not used afterwards. */
  close(): Promise<WriteResult> {
    return this.#exclusive(async () => {
      const { writer, reader, log } = this.#generation;
      const synced = await writer.synchronize();
      await reader.release();
      await writer.close();
      await log.close();
      return synced;
    });
  }

  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    this.#queued += 1;
    return this.#inOrder(work).finally(() => {
      this.#queued -= 1;
    });
  }

  /** Ends the data at the position. */
  async #cut(): Promise<MediumFault | undefined> {
    const old = this.#generation;
    const synced = await old.writer.synchronize();
    if (synced.kind === "fault") return synced;
    if (this.#at.objectNumber > 0) {
      const dropped = await cutAt(old, this.#at);
      if (!Array.isArray(dropped)) return dropped;
      await this.#keeper.afterCut(dropped);
      return undefined;
    }
    const next = await nextGeneration(this.#context, this.#file, old);
    if ("kind" in next) return next;
    this.#file = next.file;
    this.#generation = next.generation;
    for (const segment of old.manifest.segments) this.#keeper.tell("dropped", segment, old.number);
    this.#ports.onEvent?.({ type: "generation", generation: next.file.generation });
    return undefined;
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
      const next = this.#generation.positioning.placeOf(objectNumber + 1);
      // Its index is in memory: the filemark was just found in it.
      assert(!(next instanceof Promise) && !("kind" in next));
      this.#at = next;
    }
    return result;
  }

  async #spaced(spaced: Spaced | MediumFault): Promise<SpaceResult> {
    if ("kind" in spaced) return spaced;
    const located = await this.locate(spaced.objectNumber);
    if (located.kind === "fault") return located;
    return { kind: "spaced", moved: spaced.moved, stop: spaced.stop };
  }

  async #rewrite(file: VolumeFile): Promise<void> {
    await writeVolumeFile(
      this.#context.disk,
      volumeDirectory(this.#context.root, file.barcode),
      file,
    );
    this.#file = file;
  }
}
