/**
 * The append path: accepts records at once, writes them in order, closes a segment when it is full and begins the next.
 *
 * Order on disk (DESIGN.md "The one order of writes"): records may be written to the next segment while the one before
 * is still being sealed, but a segment's `sealed` row is only appended after its bytes are on stable storage, and
 * `synchronize` answers only when every segment before, the folder and the log are.
 */
import assert from "node:assert/strict";
import { crc32cOf } from "./bytes.ts";
import { type Disk, errorText, isFull, stopIfBroken } from "./disk.ts";
import { flushBytes, indexEntriesMax } from "./limits.ts";
import type { Manifest } from "./manifest.ts";
import { type DataOut, fault, type WriteResult, written } from "./port.ts";
import { recordHeaderBytes, recordMark, recordType } from "./record-header.ts";
import { indexEntryBytes } from "./segment-index.ts";
import {
  beginTarget,
  openTarget,
  segmentRow,
  writeBatch,
  type WriterEvents,
  type WriterIdentity,
  type WriterLimits,
  writeSeal,
} from "./segment-steps.ts";
import { segmentTrailerBytes } from "./segment-trailer.ts";
import { serial } from "./serial.ts";
import { type Batch, splitViews, Staging, type Step, type Target } from "./staging.ts";
import type { VolumeLog } from "./volume-log.ts";

export class SegmentWriter {
  readonly #disk: Disk;
  readonly #log: VolumeLog;
  readonly #manifest: Manifest;
  readonly #identity: WriterIdentity;
  readonly #limits: WriterLimits;
  readonly #told: WriterEvents;
  readonly #staging = new Staging();
  /** Segments not yet sealed on stable storage, by number: at most the open one and the one being sealed. */
  readonly #targets = new Map<number, Target>();
  readonly #syncNamesInOrder = serial();
  /** Those that wait for room or for a step to be done. */
  #waiting: (() => void)[] = [];
  #current: Target | undefined;
  #running = false;
  /** Steps up to this ordinal are waited for. */
  #goal = 0;
  #sealing: Promise<void> | undefined;
  /** Written whole, but the disk had no room for the row that says so. */
  #unfinished: Target | undefined;
  #namesDirty = false;
  #full: string | undefined;
  #failed: string | undefined;

  constructor(
    disk: Disk,
    log: VolumeLog,
    manifest: Manifest,
    identity: WriterIdentity,
    limits: WriterLimits,
    told: WriterEvents,
  ) {
    this.#disk = disk;
    this.#log = log;
    this.#manifest = manifest;
    this.#identity = identity;
    this.#limits = limits;
    this.#told = told;
  }

  /** Why nothing can be written until the volume is opened anew. */
  get failed(): string | undefined {
    return this.#failed;
  }
  /** Why the disk takes nothing now; another try may succeed. */
  get full(): string | undefined {
    return this.#full;
  }
  get current(): Target | undefined {
    return this.#current;
  }
  get stagedBytes(): number {
    return this.#staging.bytes;
  }
  get hasRoom(): boolean {
    return this.#staging.bytes <= this.#limits.stagedBytesMax;
  }
  /** Everything accepted is on stable storage, and no sync is under way. */
  get clean(): boolean {
    return (
      this.#failed === undefined &&
      this.#staging.length === 0 &&
      this.#sealing === undefined &&
      this.#unfinished === undefined &&
      this.#current?.dirty !== true &&
      !this.#namesDirty &&
      !this.#log.dirty
    );
  }

  target(number: number): Target | undefined {
    return this.#targets.get(number);
  }

  /** Goes on with a segment that recovery found open. */
  adopt(target: Target): void {
    this.#targets.set(target.segment.number, target);
    this.#current = target;
  }

  /** Takes `data` and releases it when it is written (or lost to a failure). */
  stageBlocks(data: DataOut, blockLength: number, marks: number): void {
    let last: Batch | undefined;
    splitViews(data.views, blockLength, (payload) => {
      last = this.#stage(recordType.block, blockLength, payload, marks);
    });
    if (last === undefined) data.release();
    else last.owners.push(data);
    this.#kick();
  }

  stageFilemarks(count: number): void {
    this.#stage(recordType.filemarks, count, [], 0);
    this.#kick();
  }

  /** The open segment takes no more; false when there is none. */
  stageSeal(): boolean {
    const target = this.#current;
    if (target === undefined) return false;
    this.#current = undefined;
    this.#staging.push({ kind: "seal", target });
    this.#kick();
    return true;
  }

  /** Waits until what was accepted before is written (not synced), or cannot be. */
  async flush(): Promise<WriteResult> {
    const goal = this.#staging.pushed;
    this.#goal = goal;
    this.#retry();
    while (
      this.#verdict === undefined &&
      (this.#staging.taken < goal || this.#unfinished !== undefined)
    ) {
      await this.#progress();
    }
    return this.#verdict ?? written;
  }

  /** Waits until the staging is below its limit, or the disk says no; both are no news about what was accepted. */
  async room(): Promise<WriteResult> {
    while (this.#verdict === undefined && !this.hasRoom) await this.#progress();
    return this.#verdict ?? written;
  }

  /** All accepted before is on stable storage when it says "written". The caller lets no two of these overlap. */
  async synchronize(): Promise<WriteResult> {
    const flushed = await this.flush();
    if (flushed.kind === "fault") return flushed;
    await this.#sealing;
    if (this.#verdict !== undefined) return this.#verdict;
    try {
      const target = this.#current;
      if (target?.dirty === true) {
        target.dirty = false;
        await target.file?.datasync();
      }
      await this.#syncNames();
      await this.#log.sync();
    } catch (error) {
      this.#fail(`sync: ${errorText(error)}`);
    }
    return this.#verdict ?? written;
  }

  /** Ends the open segment at `byteOffset`; everything is synced and the log says so already. */
  async cutCurrent(objectNumber: number, byteOffset: number): Promise<void> {
    const target = this.#current;
    assert(target !== undefined && this.#staging.length === 0);
    target.index.cut(objectNumber);
    target.stagedEnd = byteOffset;
    target.flushedEnd = byteOffset;
    target.fileCrc32c = undefined;
    target.dirty = true;
    await target.file?.truncate(byteOffset);
  }

  /** The open segment is out of the manifest: forgets it. */
  async dropCurrent(): Promise<void> {
    const target = this.#current;
    if (target === undefined) return;
    assert(this.#staging.length === 0);
    this.#current = undefined;
    this.#targets.delete(target.segment.number);
    await target.file?.close();
  }

  /** From outside the append path: a step that had to succeed did not. */
  fail(reason: string): void {
    this.#fail(reason);
  }

  async close(): Promise<void> {
    await this.#sealing;
    for (const target of this.#targets.values()) await target.file?.close();
    this.#targets.clear();
  }

  get #verdict(): WriteResult | undefined {
    if (this.#failed !== undefined) return fault("write", this.#failed);
    return this.#full === undefined ? undefined : fault("full", this.#full);
  }

  #stage(type: 1 | 2, length: number, payload: readonly Uint8Array[], marks: number): Batch {
    const block = type === recordType.block;
    const bytes = recordHeaderBytes + (block ? length : 0);
    const target = this.#targetFor(bytes, block ? length : 0);
    const { segment, index } = target;
    index.add({
      firstObject: segment.endObject,
      byteOffset: target.stagedEnd,
      count: block ? 1 : length,
      blockLength: block ? length : 0,
      filemarksBefore: segment.endFilemark,
    });
    const header = {
      type,
      marks,
      logicalObjectNumber: segment.endObject,
      length,
      epoch: this.#manifest.epoch,
      payloadCrc32c: block ? crc32cOf(payload) : 0,
    };
    const batch = this.#staging.addRecord(target, header, payload);
    if ((marks & recordMark.uncompressed) !== 0) segment.uncompressed = true;
    this.#manifest.grow(segment, block ? 1 : length, block ? 0 : length, bytes);
    return batch;
  }

  #targetFor(recordBytes: number, blockLength: number): Target {
    const target = this.#current;
    if (target !== undefined) {
      const entries = target.index.count + (target.index.extends(blockLength) ? 0 : 1);
      const end = target.stagedEnd + recordBytes + entries * indexEntryBytes + segmentTrailerBytes;
      if (entries <= indexEntriesMax && end <= this.#limits.segmentBytesMax) return target;
      // A record longer than a segment gets a segment of its own; an empty one is never closed.
      if (target.segment.usedBytes === 0) return target;
      this.stageSeal();
    }
    return this.#begin();
  }

  #begin(): Target {
    const target = beginTarget(this.#manifest, this.#identity);
    this.adopt(target);
    this.#staging.push({ kind: "open", target });
    return target;
  }

  #retry(): void {
    this.#full = undefined;
    this.#kick();
  }

  #kick(): void {
    if (this.#running || this.#verdict !== undefined) return;
    if (!this.#isDue && this.#unfinished === undefined) return;
    this.#running = true;
    void this.#run();
  }

  /**
   * Whether the first step is to be done now. A small batch at the end waits for more: a `writev` for each small block
   * costs the host more than the disk. It goes when it has grown, when someone waits for it, or with the next sync.
   */
  get #isDue(): boolean {
    const { first, length, taken } = this.#staging;
    if (first?.kind !== "write" || length > 1) return first !== undefined;
    return first.bytes >= flushBytes || taken < this.#goal || !this.hasRoom;
  }

  /** Does steps until none is due, or one cannot be done. Never rejects. */
  async #run(): Promise<void> {
    try {
      while (this.#verdict === undefined) {
        if (this.#unfinished !== undefined) {
          await this.#finish(this.#unfinished);
          this.#unfinished = undefined;
        }
        const step = this.#staging.first;
        if (step === undefined || !this.#isDue) break;
        await this.#perform(step);
        if (this.#failed !== undefined) break;
        this.#staging.shift();
        this.#wake();
      }
    } catch (error) {
      this.#refuse(error);
    } finally {
      this.#running = false;
      if (this.#failed !== undefined) this.#staging.clear();
      this.#wake();
    }
  }

  async #perform(step: Step): Promise<void> {
    if (step.kind === "seal") return this.#seal(step.target);
    if (step.kind === "write") return writeBatch(step);
    this.#namesDirty = true;
    await openTarget(this.#disk, this.#log, this.#identity, step.target);
  }

  async #seal(target: Target): Promise<void> {
    await this.#sealing;
    if (this.#failed !== undefined) throw new Error(this.#failed);
    // The one before has no room for its row: this one waits behind it.
    if (this.#full !== undefined) throw Object.assign(new Error(this.#full), { code: "ENOSPC" });
    await writeSeal(this.#identity, target);
    this.#sealing = this.#finish(target)
      .catch((error: unknown) => {
        if (isFull(error)) this.#unfinished = target;
        this.#refuse(error);
      })
      .finally(() => {
        this.#sealing = undefined;
      });
  }

  /** The segment's bytes are written: makes them last, then says so. */
  async #finish(target: Target): Promise<void> {
    const { segment, index, file } = target;
    await this.#lasting(async () => file?.datasync());
    await this.#syncNames();
    const fileBytes = target.flushedEnd + index.bytes.length + segmentTrailerBytes;
    const sealed = { state: "sealed", fileBytes, indexEntries: index.count } as const;
    const row = segmentRow({ ...segment, ...sealed });
    await this.#log.append(row);
    await this.#lasting(() => this.#log.sync());
    this.#manifest.change(segment, sealed);
    this.#targets.delete(segment.number);
    await file?.close();
    this.#told.sealed(segment);
  }

  #syncNames(): Promise<void> {
    return this.#syncNamesInOrder(async () => {
      if (!this.#namesDirty) return;
      this.#namesDirty = false;
      await this.#lasting(() => this.#disk.syncDirectory(this.#identity.directory));
    });
  }

  /** A sync that failed is never tried again: what the system still holds of it is unknown. */
  async #lasting(sync: () => Promise<void>): Promise<void> {
    try {
      await sync();
    } catch (error) {
      throw new Error(`sync: ${errorText(error)}`, { cause: error });
    }
  }

  #refuse(error: unknown): void {
    stopIfBroken(error);
    if (isFull(error)) this.#full = errorText(error);
    else this.#fail(errorText(error));
    this.#wake();
  }

  #fail(reason: string): void {
    if (this.#failed === undefined) {
      this.#failed = reason;
      this.#told.failed(reason);
    }
    // A batch in flight still reads its buffers: `#run` ends with the queue cleared once that is over.
    if (!this.#running) this.#staging.clear();
    this.#wake();
  }

  #progress(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
