/** What becomes of segments after they were written: digest, receipt, eviction, recall. */
import { asBuffer } from "./bytes.ts";
import { type Disk, errorCode, errorText, stopIfBroken } from "./disk.ts";
import {
  failGeneration,
  failureOf,
  type Generation,
  type Partition,
  partitionOf,
} from "./generation.ts";
import type { Segment } from "./manifest.ts";
import {
  fault,
  type MediumFault,
  type SegmentDescription,
  type SegmentEventType,
  type SegmentRef,
  type VolumePorts,
} from "./port.ts";
import type { SegmentEvent } from "./segment-state.ts";
import { decodeSegmentTrailer, segmentTrailerBytes } from "./segment-trailer.ts";
import { describeSegment } from "./volume-description.ts";
import { partitionDirectory, segmentFileName } from "./volume-file.ts";

export interface SegmentDigest extends SegmentDescription {
  /** Of the whole file, hexadecimal. */
  readonly sha256: string;
}

const throwIfFailed = (generation: Generation): void => {
  const failed = failureOf(generation);
  if (failed !== undefined) throw new Error(`receipt: ${failed}`);
};

export class SegmentKeeper {
  readonly #disk: Disk;
  readonly #root: string;
  readonly #barcode: string;
  readonly #ports: VolumePorts;
  readonly #generation: () => Generation;
  /** One recall of a segment at a time; everyone who needs it waits for the same. */
  readonly #recalls = new Map<Segment, Promise<MediumFault | undefined>>();
  /** Digests under way: one thread makes them, and none twice. True: it is known now. */
  readonly #digesting = new Map<Segment, Promise<boolean>>();
  /** Ends the wait of the host's call under way. */
  #giveUpRecall: (() => void) | undefined;
  /** Evictions under way: a recall must not put back what is about to be unlinked. */
  readonly #leaving = new Map<Segment, Promise<boolean>>();
  /** The segment whose successor was asked for ahead of time. */
  #askedAfter: Segment | undefined;

  constructor(
    disk: Disk,
    root: string,
    barcode: string,
    ports: VolumePorts,
    generation: () => Generation,
  ) {
    this.#disk = disk;
    this.#root = root;
    this.#barcode = barcode;
    this.#ports = ports;
    this.#generation = generation;
  }

  find(ref: SegmentRef): Segment | undefined {
    const { number, partitions } = this.#generation();
    if (ref.generation !== number) return undefined;
    return partitions[ref.partition]?.manifest.byNumber(ref.number);
  }

  describe(segment: Segment, generation = this.#generation().number): SegmentDescription {
    return describeSegment(generation, this.#barcode, segment);
  }

  tell(type: SegmentEventType, segment: Segment, generation = this.#generation().number): void {
    this.#ports.onEvent?.({ type, segment: this.describe(segment, generation) });
  }

  /** Known, or read from the file and checked against the trailer's checksum; undefined when it was dropped. */
  async digest(ref: SegmentRef): Promise<SegmentDigest | undefined> {
    const segment = this.find(ref);
    if (segment === undefined || segment.state === "open") return undefined;
    const { log } = this.#generation();
    if (segment.digestAt < 0 && !(await this.#digestOnce(segment, ref))) return undefined;
    if (this.find(ref) !== segment) return undefined;
    const row = await log.rowAt(() => segment.digestAt);
    return row.kind === "digest" ? { ...this.describe(segment), sha256: row.sha256 } : undefined;
  }

  /**
   * Durable when it resolves; false when the segment is not of this volume any more. Rejects after a failed sync, its
   * own or another's: what the log holds is unknown until the volume is opened anew, and the receipt is asked for again.
   */
  async recordReceipt(ref: SegmentRef, receiptJson: string, objectBytes: number): Promise<boolean> {
    const segment = this.find(ref);
    if (segment === undefined || segment.state === "open") return false;
    const generation = this.#generation();
    const { log } = generation;
    throwIfFailed(generation);
    const { partition, number } = ref;
    const json = Buffer.from(receiptJson, "utf8");
    const row = { kind: "receipt", partition, number, objectBytes, receiptJson: json } as const;
    const receiptAt = await log.append(row);
    try {
      await log.sync();
    } catch (error) {
      failGeneration(generation, `receipt: ${errorText(error)}`);
      throw error;
    }
    // Another's sync of the log failed while this row waited: that the next one went well proves nothing.
    throwIfFailed(generation);
    const receiptBytes = json.length + 24;
    const { manifest } = partitionOf(generation, partition);
    manifest.change(segment, { objectBytes, receiptAt, receiptBytes });
    manifest.move(segment, "receipt");
    this.tell("uploaded", segment);
    return true;
  }

  async receipt(ref: SegmentRef): Promise<string | undefined> {
    const segment = this.find(ref);
    if (segment === undefined || segment.receiptAt < 0) return undefined;
    const row = await this.#generation().log.rowAt(() => segment.receiptAt);
    return row.kind === "receipt" ? asBuffer(row.receiptJson).toString("utf8") : undefined;
  }

  /** False: it has no receipt, is in use, is not here, cannot be removed now (it stays as it was), or a sync failed. */
  async evict(ref: SegmentRef): Promise<boolean> {
    const segment = this.find(ref);
    if (segment === undefined || segment.pins > 0) return false;
    if (failureOf(this.#generation()) !== undefined) return false;
    if (!this.#move(segment, "evict")) return false;
    const leaving = this.#leave(segment);
    this.#leaving.set(segment, leaving);
    try {
      return await leaving;
    } finally {
      this.#leaving.delete(segment);
    }
  }

  /** The state is settled when it resolves: a recall that waited for it must not fetch what is still here. */
  async #leave(segment: Segment): Promise<boolean> {
    try {
      await this.unlink(segment);
    } catch (error) {
      stopIfBroken(error);
      this.#move(segment, "evictFailed");
      return false;
    }
    this.tell("evicted", segment);
    return true;
  }

  /** Tells where the partition's data ends now, removes what is behind, and tells of that. */
  async afterCut({ manifest }: Partition, dropped: readonly Segment[]): Promise<void> {
    const { last } = manifest;
    if (last !== undefined) this.tell("cut", last);
    for (const segment of dropped) {
      await this.unlink(segment);
      this.tell("dropped", segment);
    }
  }

  /** A file that is gone already is fine; any other trouble leaves a stray that the next opening removes. */
  async unlink(segment: Segment, path = this.#path(segment)): Promise<void> {
    try {
      await this.#disk.unlink(path);
    } catch (error) {
      if (errorCode(error) !== "ENOENT" && this.find(this.describe(segment)) === segment)
        throw error;
    }
  }

  /** Waits until the segment's file is in its place; recalls it when it is not. */
  async present(segment: Segment): Promise<MediumFault | undefined> {
    if (segment.state === "lost") {
      return fault("read", `segment ${segment.number}: its file is gone and was never uploaded`);
    }
    await this.#leaving.get(segment);
    const running = this.#recalls.get(segment);
    if (running !== undefined) return running;
    if (!this.#move(segment, "recall")) return undefined;
    const recall = this.#recall(segment);
    this.#recalls.set(segment, recall);
    return recall;
  }

  /** The same for the host's call, which may end its wait; the recall goes on. */
  presentForHost(segment: Segment): Promise<MediumFault | undefined> {
    return this.#untilGivenUp(this.present(segment));
  }

  /**
   * The segment's file is here and is not what was written; the store has it, so it is fetched over it: whole, or the bad
   * one stays. False: it has no receipt, it did not come, or the host gave its wait up.
   */
  async renewForHost(segment: Segment): Promise<boolean> {
    if (segment.state !== "uploaded") return false;
    const fetched = this.#ports.recall(this.describe(segment)).then(
      () => undefined,
      (error: unknown) => fault("recall", errorText(error)),
    );
    return (await this.#untilGivenUp(fetched)) === undefined;
  }

  async #untilGivenUp(waiting: Promise<MediumFault | undefined>): Promise<MediumFault | undefined> {
    const givenUp = Promise.withResolvers<MediumFault>();
    this.#giveUpRecall = () =>
      givenUp.resolve({ ...fault("recall", "the host gave its wait up"), givenUp: true });
    try {
      return await Promise.race([waiting, givenUp.promise]);
    } finally {
      this.#giveUpRecall = undefined;
    }
  }

  giveUpRecall(): void {
    this.#giveUpRecall?.();
  }

  /** While a segment is read: says that the next will be, when it is not here. */
  askAhead(segment: Segment): void {
    if (this.#ports.recallAhead === undefined || this.#askedAfter === segment) return;
    this.#askedAfter = segment;
    const next = this.#generation().partitions[segment.partition]?.manifest.after(segment);
    if (next?.state === "evicted") this.#ports.recallAhead([this.describe(next)]);
  }

  async #recall(segment: Segment): Promise<MediumFault | undefined> {
    // What it is in now: the next generation may have a segment of the same number.
    const generation = this.#generation();
    const path = this.#path(segment);
    try {
      await this.#ports.recall(this.describe(segment));
      if (generation === this.#generation() && this.#move(segment, "recalled")) {
        this.tell("recalled", segment);
      } else {
        // Dropped meanwhile: what came back is nobody's.
        await this.unlink(segment, path);
      }
      return undefined;
    } catch (error) {
      this.#move(segment, "recallFailed");
      return fault("recall", `segment ${segment.number}: ${errorText(error)}`);
    } finally {
      this.#recalls.delete(segment);
    }
  }

  #digestOnce(segment: Segment, ref: SegmentRef): Promise<boolean> {
    const running = this.#digesting.get(segment);
    if (running !== undefined) return running;
    const digesting = this.#makeDigest(segment, ref);
    this.#digesting.set(segment, digesting);
    return digesting;
  }

  /** False when the segment was dropped meanwhile, whatever trouble that made. It is not evicted meanwhile. */
  async #makeDigest(segment: Segment, ref: SegmentRef): Promise<boolean> {
    const { log } = this.#generation();
    segment.pins += 1;
    try {
      const sha256 = await this.#hash(segment);
      if (this.find(ref) !== segment) return false;
      const { partition, number } = segment;
      const row = { kind: "digest", partition, number, sha256 } as const;
      segment.digestAt = await log.append(row);
      return true;
    } catch (error) {
      stopIfBroken(error);
      if (this.find(ref) === segment) throw error;
      return false;
    } finally {
      segment.pins -= 1;
      this.#digesting.delete(segment);
    }
  }

  async #hash(segment: Segment): Promise<string> {
    const absent = await this.present(segment);
    if (absent !== undefined) throw new Error(absent.reason);
    const file = await this.#disk.open(this.#path(segment), "read");
    try {
      const { fileBytes, number } = segment;
      const { sha256, headCrc32c } = await file.checksums(fileBytes, segmentTrailerBytes);
      const trailer = Buffer.alloc(segmentTrailerBytes);
      await file.read(trailer, fileBytes - segmentTrailerBytes);
      if (decodeSegmentTrailer(trailer)?.fileCrc32c !== headCrc32c) {
        throw new Error(`segment ${number} is not what was written`);
      }
      return sha256;
    } finally {
      await file.close();
    }
  }

  /** False: the state refuses it, or the segment was dropped meanwhile, and maybe its partition with it. */
  #move(segment: Segment, event: SegmentEvent): boolean {
    const partition = this.#generation().partitions[segment.partition];
    return partition?.manifest.move(segment, event) ?? false;
  }

  #path(segment: Segment): string {
    const { number } = this.#generation();
    const directory = partitionDirectory(this.#root, this.#barcode, number, segment.partition);
    return `${directory}/${segmentFileName(segment.number)}`;
  }
}
