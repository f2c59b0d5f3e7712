/** Brings segments back from the vault, verified before they are in their place; a volume asks for each once at a time. */
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { receipt, segmentId } from "@reelhouse/contracts";
import type { SegmentDescription, Volume } from "@reelhouse/medium";
import { errorCode } from "@reelhouse/service-kit";
import type { Logger, Metrics } from "@reelhouse/service-kit";
import { VaultError } from "@reelhouse/vault";
import type { GetSegment, Vault } from "@reelhouse/vault";
import type { LibraryOf } from "../library/library-of.ts";
import { recallPatience } from "./recall-patience.ts";
import { houseRef } from "./segment-names.ts";
import { keyOf } from "./volume-keys.ts";

export interface RecallOptions {
  /** The name of the library that a volume belongs to. */
  readonly libraryOf: LibraryOf;
  readonly mediaDirectory: string;
  readonly vault: Pick<Vault, "getSegment">;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Makes room for bytes that come back; the cache gives up others. */
  readonly makeRoom: (bytes: number) => Promise<void>;
}

export interface Recall {
  /** Resolves when the segment's file is in its place; rejects with why it cannot be. */
  fetch(volume: Volume, segment: SegmentDescription): Promise<void>;
  /** Segments under way, asked for by a host or ahead of it. */
  readonly runningCount: number;
  isRunning(barcode: string): boolean;
  /** Gives up what is under way: a store that is away must not hold up the stop. */
  close(): void;
}

/** Counts how recalls end, what came back, and how long each segment took. */
const countRecalls = (metrics: Metrics) => {
  const recalls = metrics.counter(
    "recalls_total",
    "Recalls of segments by outcome: ok, or the code of the error that ended them.",
    ["outcome"],
  );
  const recallSeconds = metrics.histogram(
    "recall_seconds",
    "Time to bring a segment back from the vault.",
  );
  const recalledBytes = metrics.counter(
    "recalled_bytes_total",
    "Bytes of segments brought back from the vault.",
  );
  return {
    done(seconds: number, bytes: number): void {
      recalls.inc({ outcome: "ok" });
      recallSeconds.observe(seconds);
      recalledBytes.inc(bytes);
    },
    failed(error: unknown): void {
      const code = error instanceof VaultError ? error.code : errorCode(error);
      recalls.inc({ outcome: code ?? "UNKNOWN" });
    },
  };
};

export function createRecall(options: RecallOptions): Recall {
  const { libraryOf, mediaDirectory, vault, logger, makeRoom } = options;
  const count = countRecalls(options.metrics);
  const closing = new AbortController();
  const { signal } = closing;
  /** The barcode of each segment under way. */
  const running: string[] = [];

  const fetchPatiently = async (wanted: GetSegment, destination: string): Promise<void> => {
    const begun = performance.now();
    const pauseAfter = recallPatience();
    for (let tries = 1; ; tries += 1) {
      try {
        await vault.getSegment(wanted, destination, { signal });
        return;
      } catch (error) {
        const sinceMs = performance.now() - begun;
        const pauseMs = signal.aborted ? undefined : pauseAfter(error, sinceMs);
        if (pauseMs === undefined) throw error;
        const reason = error instanceof Error ? error.message : String(error);
        logger.warn(
          { event: "recall.retried", segmentId: segmentId(wanted.segment), tries, reason },
          "a segment did not come back; trying again",
        );
        await sleep(pauseMs, undefined, { signal });
      }
    }
  };

  const fetchSegment = async (volume: Volume, segment: SegmentDescription): Promise<void> => {
    const destination = path.join(mediaDirectory, segment.path);
    const begun = performance.now();
    const ref = houseRef(libraryOf(volume.barcode), volume.barcode, segment);
    const text = await volume.receiptOf(segment);
    const wrappedKey = keyOf(volume);
    if (text === undefined || wrappedKey === null)
      throw new Error(`${segmentId(ref)} has no receipt: it was never in the vault`);
    await makeRoom(segment.segmentBytes);
    const wanted = { segment: ref, receipt: receipt.parse(JSON.parse(text)), wrappedKey };
    await fetchPatiently(wanted, destination);
    const seconds = (performance.now() - begun) / 1000;
    count.done(seconds, segment.segmentBytes);
    logger.info(
      { event: "recall.done", segmentId: segmentId(ref), bytes: segment.segmentBytes, seconds },
      "a segment came back",
    );
  };

  return {
    async fetch(volume, segment) {
      running.push(volume.barcode);
      try {
        await fetchSegment(volume, segment);
      } catch (error) {
        count.failed(error);
        throw error;
      } finally {
        running.splice(running.indexOf(volume.barcode), 1);
      }
    },
    get runningCount() {
      return running.length;
    },
    isRunning: (barcode) => running.includes(barcode),
    close: () => closing.abort(),
  };
}
