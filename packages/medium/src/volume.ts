/**
 * A volume: the drive's Medium port on one side, the cache and the upload on the other. The drive makes one call at a
 * time; the rest (background sync, sealing, receipts, eviction) may come at any moment and goes through `exclusive`.
 */
import assert from "node:assert/strict";
import { attributesOf } from "./attributes.ts";
import type { Disk } from "./disk.ts";
import {
  compactIfDead,
  createGeneration,
  failureOf,
  openGeneration,
  synchronizeAll,
} from "./generation.ts";
import { blockLengthMax, cipherBytesMax, filemarkRunMax } from "./limits.ts";
import {
  type BlockMarks,
  type DataOut,
  type LocateResult,
  type MaybePromise,
  type MediumAttribute,
  type MediumFault,
  type MediumPartition,
  type Position,
  type ReadResult,
  type SegmentDescription,
  type SegmentRef,
  type SpaceResult,
  type VolumePorts,
  type WriteResult,
  written,
} from "./port.ts";
import { removeStrayGenerations } from "./overwrite.ts";
import { recordHeaderBytes, recordMark } from "./record-header.ts";
import type { RepairReport } from "./recovery.ts";
import type { SegmentDigest } from "./segment-keeper.ts";
import { VolumeCore } from "./volume-core.ts";
import {
  describeCompression,
  describePartition,
  describeVolume,
  type VolumeDescription,
} from "./volume-description.ts";
import { newVolumeFile, readVolumeFile, volumeDirectory, writeVolumeFile } from "./volume-file.ts";
import type { NewVolume, VolumeOptions } from "./volume-options.ts";
import { WritePath } from "./write-path.ts";

export class Volume {
  readonly #core: VolumeCore;
  readonly #writes: WritePath;

  private constructor(core: VolumeCore, ports: VolumePorts) {
    this.#core = core;
    this.#writes = new WritePath((bytes) => ports.admit(bytes), {
      writer: () => core.head.partition.writer,
      atEnd: () => core.head.position.endOfData,
      arriveAtEnd: () => core.head.arriveAtEnd(),
      cut: () => core.exclusive(() => core.cut()),
    });
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
    const file = newVolumeFile(volume);
    const core = new VolumeCore(disk, root, file, ports, options);
    core.generation = await createGeneration(core.context, 1, [undefined]);
    await writeVolumeFile(disk, directory, file);
    await disk.syncDirectory(root);
    return new Volume(core, ports);
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
    const { isSettled = false } = options;
    // Before the generation goes that volume.json does not name any more.
    if (!isSettled) await disk.syncDirectory(directory);
    const core = new VolumeCore(disk, root, file, ports, options);
    const { generation, report } = await openGeneration(core.context, file.generation, isSettled);
    core.generation = generation;
    // Only now: while the one that counts could not be opened, what another holds may be all there is.
    await removeStrayGenerations(disk, directory, file.generation);
    const synced = await synchronizeAll(generation);
    if (synced.kind === "written") await compactIfDead(generation, file.uuid);
    return { volume: new Volume(core, ports), repaired: report };
  }

  get barcode(): string {
    return this.#core.file.barcode;
  }
  get uuid(): string {
    return this.#core.file.uuid;
  }
  get capacityBytes(): number {
    return this.#core.file.capacityBytes;
  }
  get writeProtected(): boolean {
    return this.#core.file.writeProtected;
  }
  /** Whoever writes must not overwrite or erase: the drive refuses it. */
  get worm(): boolean {
    return this.#core.file.worm;
  }
  get pool(): string | null {
    return this.#core.file.pool;
  }
  get createdAt(): string {
    return this.#core.file.createdAt;
  }
  get wrappedKey(): unknown {
    return this.#core.file.wrappedKey;
  }
  get generation(): number {
    return this.#core.file.generation;
  }
  /** Why nothing can be written until the volume is opened anew. */
  get failedWrite(): string | undefined {
    return failureOf(this.#core.generation);
  }
  get position(): Position {
    return this.#core.head.position;
  }
  /** By number; always one. */
  get partitions(): readonly MediumPartition[] {
    return this.#core.generation.partitions.map((one) => describePartition(one, this.#core.file));
  }
  /** Of the segments in the vault: the bytes of their files, and of their objects there. */
  get compression(): { readonly inBytes: number; readonly outBytes: number } {
    return describeCompression(this.#core.generation);
  }
  /** Medium auxiliary memory of one partition, in order of identifier. */
  attributes(partition: number): readonly MediumAttribute[] {
    return attributesOf(this.#core.file, partition);
  }

  /** Takes `data` in every case: it is released when it is written, or at once when it is refused. */
  writeBlocks(
    data: DataOut,
    blockLength: number,
    { enciphered = false, uncompressed = false }: BlockMarks = {},
  ): MaybePromise<WriteResult> {
    const longest = blockLengthMax + (enciphered ? cipherBytesMax : 0);
    assert(blockLength > 0 && blockLength <= longest);
    assert(data.byteLength % blockLength === 0, "a whole number of blocks");
    const bytes = data.byteLength + (data.byteLength / blockLength) * recordHeaderBytes;
    const marks =
      (enciphered ? recordMark.enciphered : 0) | (uncompressed ? recordMark.uncompressed : 0);
    const stage = () => this.#core.head.partition.writer.stageBlocks(data, blockLength, marks);
    return this.#writes.write(bytes, stage, () => data.release());
  }

  writeFilemarks(count: number): MaybePromise<WriteResult> {
    assert(count >= 0 && count <= filemarkRunMax);
    if (count === 0) return this.#writes.refusal() ?? written;
    const stage = () => this.#core.head.partition.writer.stageFilemarks(count);
    return this.#writes.write(recordHeaderBytes, stage, () => undefined);
  }

  /** All accepted before is on stable storage when it says "written". */
  synchronize(): MaybePromise<WriteResult> {
    return this.#core.synchronize();
  }

  /** For the owner's timer: bounds the age of what is not on stable storage. A failure is kept for the next command. */
  async backgroundSync(): Promise<WriteResult> {
    return this.synchronize();
  }

  /** A block is cut at `byteLengthMax`, but for an enciphered one. */
  read(byteLengthMax: number): MaybePromise<ReadResult> {
    return this.#core.head.read(byteLengthMax);
  }

  spaceBlocks(count: number): Promise<SpaceResult> {
    return this.#core.head.spaceBlocks(count);
  }

  spaceFilemarks(count: number): Promise<SpaceResult> {
    return this.#core.head.spaceFilemarks(count);
  }

  spaceEndOfData(): SpaceResult {
    this.#core.head.arriveAtEnd();
    return { kind: "spaced", moved: 0, stop: "endOfData" };
  }

  /** In `partition`, left out: in the present one. Into another, all written before is stored first. */
  locate(objectNumber: number, partition?: number): MaybePromise<LocateResult> {
    return this.#core.head.locate(objectNumber, partition);
  }

  /** Ends the partition's data at the position. */
  erase(): MaybePromise<WriteResult> {
    const refused = this.#writes.refusal();
    if (refused !== undefined) return refused;
    if (this.position.endOfData) return written;
    return this.#core.exclusive(async () => (await this.#core.cut()) ?? written);
  }

  /**
   * As many empty partitions as capacities, 1 to 4, and all data gone: a new generation, durable when it says
   * "written", all or nothing over a crash. Positioned at BOP of partition 0. Attributes stay, but for those of
   * partitions that are no more.
   */
  format(capacitiesBytes: readonly number[]): MaybePromise<WriteResult> {
    return this.#writes.refusal() ?? this.#core.format(capacitiesBytes);
  }

  /**
   * Replaces attributes of one partition, or removes those with an empty value. Durable when it says "written", all or
   * nothing. Fault `full`: the 64 KiB of a volume are used up, or the disk is.
   */
  writeAttributes(
    partition: number,
    attributes: readonly MediumAttribute[],
  ): MaybePromise<WriteResult> {
    return this.#writes.refusal() ?? this.#core.writeAttributes(partition, attributes);
  }

  /** Seals the open segments, so that all written so far may leave. Nothing to do when there is none. */
  seal(): Promise<WriteResult> {
    return this.#core.seal();
  }

  /** What the volume is and how much of it is where; O(1). */
  describe(): VolumeDescription {
    return describeVolume(this.#core.file, this.#core.generation);
  }

  /** By partition, in order, lazily: a volume may have 245,000. */
  *segments(): Generator<SegmentDescription> {
    for (const { manifest } of this.#core.generation.partitions)
      for (const segment of manifest.segments) yield this.#core.keeper.describe(segment);
  }

  segment(ref: SegmentRef): SegmentDescription | undefined {
    const segment = this.#core.keeper.find(ref);
    return segment === undefined ? undefined : this.#core.keeper.describe(segment);
  }

  /**
   * SHA-256 of a sealed segment's file. The first time it is read through, in pieces, and compared with the checksum
   * made while it was written (rejects when they differ); afterwards it is known. Undefined: not (or no longer) sealed.
   */
  describeSegment(ref: SegmentRef): Promise<SegmentDigest | undefined> {
    return this.#core.keeper.digest(ref);
  }

  /** Keeps the store's receipt, durably. False: no longer of this volume. Rejects after a failed sync, and when closed. */
  recordReceipt(ref: SegmentRef, receiptJson: string, objectBytes: number): Promise<boolean> {
    return this.#core.exclusive(() => {
      this.#core.mustBeOpen();
      return this.#core.keeper.recordReceipt(ref, receiptJson, objectBytes);
    });
  }

  receiptOf(ref: SegmentRef): Promise<string | undefined> {
    return this.#core.exclusive(() => this.#core.keeper.receipt(ref));
  }

  /** Gives the segment's file up. False: no receipt, in use, not here, not removable now, a sync failed, or closed. */
  evict(ref: SegmentRef): Promise<boolean> {
    return this.#core.exclusive(async () => !this.#core.isClosed && this.#core.keeper.evict(ref));
  }

  /** Ends the wait of the host's call under way for a recall, which goes on by itself. */
  giveUpRecall(): void {
    this.#core.keeper.giveUpRecall();
  }

  /** Brings an evicted segment's file back without reading it: what `recallAhead` asks for. */
  async recall(ref: SegmentRef): Promise<MediumFault | undefined> {
    const segment = this.#core.keeper.find(ref);
    return segment === undefined ? undefined : this.#core.keeper.present(segment);
  }

  setWrappedKey(wrappedKey: unknown): Promise<void> {
    return this.#core.exclusive(() => this.#core.rewrite({ ...this.#core.file, wrappedKey }));
  }

  setWriteProtected(writeProtected: boolean): Promise<void> {
    return this.#core.exclusive(() => this.#core.rewrite({ ...this.#core.file, writeProtected }));
  }

  /** The cartridge left its drive: gives back what was held for reading, so that every segment may be evicted. */
  rest(): Promise<void> {
    return this.#core.exclusive(async () => {
      for (const { reader } of this.#core.generation.partitions) await reader.release();
    });
  }

  /** Synchronises and lets go of every file. Whoever still holds the volume can change nothing of the folder any more. */
  close(): Promise<WriteResult> {
    return this.#core.close();
  }
}
