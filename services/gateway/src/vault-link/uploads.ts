/**
 * Brings sealed segments to the vault: offers a job for each that has no receipt, and keeps the receipt that comes back.
 *
 * Nothing here must be remembered: which segments have no receipt stands in the volumes. A sweep offers again whatever
 * is pending, so a queue that forgot everything, a lost event or a crash only cost time.
 */
import { segmentId, uploadSegment } from "@reelhouse/contracts";
import type { EventBody, Receipt, SegmentRef } from "@reelhouse/contracts";
import type { SegmentDescription, SegmentDigest, Volume } from "@reelhouse/medium";
import { errorCode } from "@reelhouse/service-kit";
import type { JobEvents, JobQueue, Logger, Metrics } from "@reelhouse/service-kit";
import type { LibraryOf } from "../library/library-of.ts";
import type { Media } from "../media/media.ts";
import { Offers } from "./offers.ts";
import { houseRef, parseSegmentId } from "./segment-names.ts";
import type { VolumeKeys } from "./volume-keys.ts";

/** Jobs offered and not yet answered, at most: the queue needs no more to keep all uploaders busy. */
const offeredMax = 64;

export const sweepMs = 2000;

export interface UploadsOptions {
  /** The name of the library that a volume belongs to. */
  readonly libraryOf: LibraryOf;
  readonly media: Pick<Media, "volume" | "volumes">;
  readonly keys: VolumeKeys;
  readonly queue: Pick<JobQueue, "offer">;
  readonly events: Pick<JobEvents, "onCompleted" | "onFailed">;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly emit: (body: EventBody) => void;
}

const failureCounter = (metrics: Metrics) =>
  metrics.counter(
    "uploads_failed_total",
    "Uploads that ended for good without a receipt though the segment is still wanted; offered again.",
    ["code"],
  );

/** A job's reason begins with its code. */
const codeOf = (reason: string): string => /^([A-Z_]{3,40}): /.exec(reason)?.[1] ?? "UNKNOWN";

export class Uploads {
  readonly #options: UploadsOptions;
  readonly #offers = new Offers();
  readonly #timer: NodeJS.Timeout;
  readonly #failures: ReturnType<typeof failureCounter>;
  #running: Promise<void> | undefined;
  #again = false;
  #closed = false;
  /** Barcode of the volume that took the last place there was. */
  #servedLast = "";
  /** What kept segments from being offered at the last sweep: the error's code, or its message when it has none. */
  #hindrance: string | undefined;
  /** Segments whose files cannot be read, each said once. */
  readonly #unreadable = new Set<string>();

  constructor(options: UploadsOptions) {
    this.#options = options;
    this.#failures = failureCounter(options.metrics);
    options.events.onCompleted(uploadSegment, (id, { receipt }) => this.#completed(id, receipt));
    options.events.onFailed(uploadSegment, (id, reason) => this.#failed(id, reason));
    this.#timer = setInterval(() => {
      this.#offers.forgetStale();
      void this.look();
    }, sweepMs);
  }

  /** There may be something new to upload. Resolves when all that is due has been offered, or was refused. */
  async look(): Promise<void> {
    this.#again = true;
    if (this.#closed) return;
    this.#running ??= this.#sweepWhileAsked().finally(() => (this.#running = undefined));
    await this.#running;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  async #sweepWhileAsked(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false;
      let hindrance: unknown;
      for (const volume of this.#fromNext()) {
        // What one volume lacks, its key for instance, must not keep the others here.
        await this.#offerDue(volume).catch((error: unknown) => {
          hindrance ??= error;
        });
      }
      this.#say(hindrance);
    }
  }

  /** The volumes, from the one behind that which took the last place: each has its turn, however much one has to upload. */
  #fromNext(): readonly Volume[] {
    const volumes = [...this.#options.media.volumes()];
    const next = volumes.findIndex(({ barcode }) => barcode === this.#servedLast) + 1;
    return [...volumes.slice(next), ...volumes.slice(0, next)];
  }

  /** Each hindrance once, not at every sweep: it may last for hours, with another request id in each message. */
  #say(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    const hindrance = error === undefined ? undefined : (errorCode(error) ?? reason);
    if (hindrance === this.#hindrance) return;
    this.#hindrance = hindrance;
    const { logger } = this.#options;
    if (hindrance === undefined)
      logger.info({ event: "upload.offers-resumed" }, "segments can be offered again");
    else
      logger.warn({ event: "upload.offer-failed", reason }, "cannot offer segments now; they wait");
  }

  /** The volume's pending segments, oldest first, that are not with the queue already. */
  async #offerDue(volume: Volume): Promise<void> {
    if (volume.describe().pendingBytes === 0) return;
    for (const segment of volume.segments()) {
      if (this.#closed || this.#offers.count >= offeredMax) return;
      if (segment.state !== "sealed") continue;
      const id = segmentId(
        houseRef(this.#options.libraryOf(volume.barcode), volume.barcode, segment),
      );
      if (!this.#offers.isDue(id)) continue;
      await this.#offer(volume, segment);
      this.#servedLast = volume.barcode;
    }
  }

  async #offer(volume: Volume, segment: SegmentDescription): Promise<void> {
    const { libraryOf, keys, queue } = this.#options;
    const ref = houseRef(libraryOf(volume.barcode), volume.barcode, segment);
    const id = segmentId(ref);
    const wrappedKey = await keys.ensure(volume);
    const digest = await this.#digest(volume, segment, id);
    if (digest === undefined) return;
    const answer = await queue.offer(uploadSegment, id, {
      segment: ref,
      path: segment.path,
      segmentBytes: digest.segmentBytes,
      segmentSha256: digest.sha256,
      wrappedKey,
      compress: !digest.uncompressed,
    });
    this.#offers.made(id);
    if (answer.state === "completed") await this.#keep(ref, answer.result.receipt);
  }

  /** The segment's checksum; undefined when it is gone, or cannot be read: that holds up no other segment. */
  async #digest(
    volume: Volume,
    segment: SegmentDescription,
    id: string,
  ): Promise<SegmentDigest | undefined> {
    try {
      const digest = await volume.describeSegment(segment);
      this.#unreadable.delete(id);
      return digest;
    } catch (error) {
      if (!this.#unreadable.has(id))
        this.#options.logger.error(
          { event: "upload.unreadable", id, error: String(error) },
          "a segment in the cache cannot be read and is not in the store: its blocks are in danger; the disk must be looked at",
        );
      this.#unreadable.add(id);
      this.#offers.failed(id);
      return undefined;
    }
  }

  async #keep(ref: SegmentRef, receipt: Receipt): Promise<void> {
    const { media, emit, logger } = this.#options;
    const id = segmentId(ref);
    this.#offers.answered(id);
    const volume = media.volume(ref.barcode);
    const digest = await volume?.describeSegment(ref);
    if (digest === undefined) return;
    // A result that the queue kept from another life of this name (a replaced disk) must not let our bytes be evicted.
    if (receipt.segmentSha256 !== digest.sha256 || receipt.segmentBytes !== digest.segmentBytes) {
      logger.error(
        { event: "upload.foreign-receipt", id, receipt, sha256: digest.sha256 },
        "a receipt is not for the bytes we hold; it is not kept, and the segment is offered again",
      );
      return;
    }
    const kept = await volume?.recordReceipt(ref, JSON.stringify(receipt), receipt.objectBytes);
    // Overwritten or removed meanwhile: the object is nobody's, and no volume refers to it.
    if (kept !== true) return;
    emit({ type: "segment.uploaded", segment: ref, receipt });
  }

  #completed(id: string, receipt: Receipt): void {
    const ref = this.#ours(id);
    if (ref === undefined) return;
    this.#keep(ref, receipt).then(
      () => this.look(),
      (error: unknown) =>
        this.#options.logger.error(
          { event: "upload.receipt-failed", id, error: String(error) },
          "a receipt could not be written down; it will be asked for again",
        ),
    );
  }

  #failed(id: string, reason: string): void {
    const { media, logger } = this.#options;
    const ref = this.#ours(id);
    if (ref === undefined) return;
    const line = { event: "upload.failed", id, reason };
    if (media.volume(ref.barcode)?.segment(ref)?.state !== "sealed") {
      this.#offers.answered(id);
      logger.debug(line, "an upload ended: its segment was overwritten or removed meanwhile");
      return;
    }
    this.#failures.inc({ code: codeOf(reason) });
    logger.error(line, "an upload failed; it will be offered again");
    // The next try comes after the usual time, not at once.
    this.#offers.failed(id);
  }

  /** The segment of a job; undefined for a job of another library. */
  #ours(id: string): SegmentRef | undefined {
    const ref = parseSegmentId(id);
    return ref !== undefined && ref.library === this.#options.libraryOf(ref.barcode)
      ? ref
      : undefined;
  }
}
