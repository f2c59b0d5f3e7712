/**
 * Brings sealed segments to the vault: offers a job for each that has no receipt, and keeps the receipt that comes back.
 *
 * Nothing here must be remembered: which segments have no receipt stands in the volumes. A sweep offers again whatever
 * is pending, so a queue that forgot everything, a lost event or a crash only cost time.
 */
import { segmentId, uploadSegment } from "@reelhouse/contracts";
import type { EventBody, Receipt, SegmentRef } from "@reelhouse/contracts";
import type { SegmentDescription, Volume } from "@reelhouse/medium";
import type { JobEvents, JobQueue, Logger } from "@reelhouse/service-kit";
import type { Media } from "../media/media.ts";
import { houseRef, parseSegmentId } from "./segment-names.ts";
import type { VolumeKeys } from "./volume-keys.ts";

/** Jobs offered and not yet answered, at most: the queue needs no more to keep all uploaders busy. */
const offeredMax = 64;

/** An offer without an answer is made again after so long: its answer may be lost, or the queue may have forgotten it. */
const offerAgainMs = 3000;

const sweepMs = 2000;

export interface Uploads {
  /** There may be something new to upload. */
  look(): void;
  close(): Promise<void>;
}

export interface UploadsOptions {
  readonly library: string;
  readonly media: Media;
  readonly keys: VolumeKeys;
  readonly queue: JobQueue;
  readonly events: JobEvents;
  readonly logger: Logger;
  emit(body: EventBody): void;
}

export function createUploads(options: UploadsOptions): Uploads {
  const { library, media, keys, queue, events, logger } = options;
  /** Segment id → when it was offered last. */
  const offered = new Map<string, number>();
  let running: Promise<void> | undefined;
  let again = false;
  let closed = false;

  const keep = async (ref: SegmentRef, receipt: Receipt): Promise<void> => {
    offered.delete(segmentId(ref));
    const volume = media.volume(ref.barcode);
    // Overwritten or removed meanwhile: the object is nobody's, and no volume refers to it.
    if (
      volume === undefined ||
      !(await volume.recordReceipt(ref, JSON.stringify(receipt), receipt.objectBytes))
    )
      return;
    options.emit({ type: "segment.uploaded", segment: ref, receipt });
  };

  const offer = async (volume: Volume, segment: SegmentDescription): Promise<void> => {
    const ref = houseRef(library, volume.barcode, segment);
    const id = segmentId(ref);
    const wrappedKey = await keys.ensure(volume);
    const digest = await volume.describeSegment(segment);
    if (digest === undefined) return;
    const answer = await queue.offer(uploadSegment, id, {
      segment: ref,
      path: segment.path,
      segmentBytes: digest.segmentBytes,
      segmentSha256: digest.sha256,
      wrappedKey,
    });
    offered.set(id, performance.now());
    if (answer.state === "completed") await keep(ref, answer.result.receipt);
  };

  /** The pending segments, oldest first in each volume, that are not with the queue already. */
  function* due(): Generator<[Volume, SegmentDescription]> {
    const nowMs = performance.now();
    for (const volume of media.volumes()) {
      if (volume.describe().pendingBytes === 0) continue;
      for (const segment of volume.segments()) {
        if (segment.state !== "sealed") continue;
        const since = offered.get(segmentId(houseRef(library, volume.barcode, segment)));
        if (since === undefined || nowMs - since > offerAgainMs) yield [volume, segment];
      }
    }
  }

  const sweep = async (): Promise<void> => {
    for (const [volume, segment] of due()) {
      if (closed || offered.size >= offeredMax) return;
      await offer(volume, segment);
    }
  };

  const look = (): void => {
    again = true;
    if (running !== undefined || closed) return;
    running = (async () => {
      while (again && !closed) {
        again = false;
        await sweep();
      }
    })()
      .catch((error: unknown) =>
        logger.warn(
          { event: "upload.offer-failed", error: String(error) },
          "cannot offer segments now; they wait",
        ),
      )
      .finally(() => (running = undefined));
  };

  const forgetStale = () => {
    const nowMs = performance.now();
    for (const [id, since] of offered) if (nowMs - since > 2 * offerAgainMs) offered.delete(id);
  };

  events.onCompleted(uploadSegment, (id, { receipt }) => {
    const ref = parseSegmentId(id);
    if (ref === undefined || ref.library !== library) return;
    keep(ref, receipt).then(look, (error: unknown) =>
      logger.error(
        { event: "upload.receipt-failed", id, error: String(error) },
        "a receipt could not be written down; it will be asked for again",
      ),
    );
  });
  events.onFailed(uploadSegment, (id, reason) => {
    const ref = parseSegmentId(id);
    if (ref === undefined || ref.library !== library) return;
    const line = { event: "upload.failed", id, reason };
    if (media.volume(ref.barcode)?.segment(ref)?.state !== "sealed") {
      offered.delete(id);
      logger.debug(line, "an upload ended: its segment was overwritten or removed meanwhile");
      return;
    }
    logger.error(line, "an upload failed; it will be offered again");
    // Counted as just offered: the next try comes after the usual time, not at once.
    offered.set(id, performance.now());
  });
  const timer = setInterval(() => {
    forgetStale();
    look();
  }, sweepMs);

  return {
    look,
    async close() {
      closed = true;
      clearInterval(timer);
      await running;
    },
  };
}
