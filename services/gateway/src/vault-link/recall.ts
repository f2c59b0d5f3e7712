/** Brings segments back from the vault: one download a segment whoever asks, verified before it is in its place. */
import { stat } from "node:fs/promises";
import path from "node:path";
import { receipt, segmentId } from "@reelhouse/contracts";
import type { SegmentDescription, Volume } from "@reelhouse/medium";
import type { Logger, Metrics } from "@reelhouse/service-kit";
import type { Vault } from "@reelhouse/vault";
import { houseRef } from "./segment-names.ts";
import { keyOf } from "./volume-keys.ts";

export interface RecallOptions {
  readonly library: string;
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
}

const isThere = (file: string, bytes: number): Promise<boolean> =>
  stat(file).then(
    ({ size }) => size === bytes,
    () => false,
  );

/** Counts what came back, and how long each segment took. */
const countRecalls = (metrics: Metrics) => {
  const recallSeconds = metrics.histogram(
    "recall_seconds",
    "Time to bring a segment back from the vault.",
  );
  const recalledBytes = metrics.counter(
    "recalled_bytes_total",
    "Bytes of segments brought back from the vault.",
  );
  return (seconds: number, bytes: number): void => {
    recallSeconds.observe(seconds);
    recalledBytes.inc(bytes);
  };
};

export function createRecall(options: RecallOptions): Recall {
  const { library, mediaDirectory, vault, logger, makeRoom } = options;
  const count = countRecalls(options.metrics);
  const fetching = new Map<string, Promise<void>>();

  const download = async (volume: Volume, segment: SegmentDescription): Promise<void> => {
    const destination = path.join(mediaDirectory, segment.path);
    // Recalled ahead: a file appears in its place only whole and verified.
    if (await isThere(destination, segment.segmentBytes)) return;
    const begun = performance.now();
    const ref = houseRef(library, volume.barcode, segment);
    const text = await volume.receiptOf(segment);
    const wrappedKey = keyOf(volume);
    if (text === undefined || wrappedKey === null)
      throw new Error(`${segmentId(ref)} has no receipt: it was never in the vault`);
    await makeRoom(segment.segmentBytes);
    await vault.getSegment(
      { segment: ref, receipt: receipt.parse(JSON.parse(text)), wrappedKey },
      destination,
    );
    const seconds = (performance.now() - begun) / 1000;
    count(seconds, segment.segmentBytes);
    logger.info(
      { event: "recall.done", segmentId: segmentId(ref), bytes: segment.segmentBytes, seconds },
      "a segment came back",
    );
  };

  return {
    fetch(volume, segment) {
      const id = segmentId(houseRef(library, volume.barcode, segment));
      const under =
        fetching.get(id) ?? download(volume, segment).finally(() => fetching.delete(id));
      fetching.set(id, under);
      return under;
    },
  };
}
