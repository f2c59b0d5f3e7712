/** Where a tape's bytes are now, by the REST API alone: written, uploaded, compressed, given up by the cache. */
import type { RestApi, SegmentView, TapeView } from "../harness/rest.ts";
import { pause } from "../wait-until.ts";
import { megabytes, type Screen } from "./screen.ts";

export interface Whereabouts {
  readonly tape: TapeView;
  readonly segments: readonly SegmentView[];
  readonly objectBytes: number;
  /** Plain bytes of the segments that are in the store. */
  readonly storedBytes: number;
  /** Plain bytes that are in the store alone. */
  readonly evictedBytes: number;
}

const sum = (segments: readonly SegmentView[], value: (segment: SegmentView) => number): number =>
  segments.reduce((total, segment) => total + value(segment), 0);

export const whereabouts = async (api: RestApi, barcode: string): Promise<Whereabouts> => {
  const [tape, segments] = await Promise.all([api.tape(barcode), api.segments(barcode)]);
  const stored = segments.filter((segment) => segment.objectBytes !== null);
  return {
    tape,
    segments,
    objectBytes: sum(stored, (segment) => segment.objectBytes ?? 0),
    storedBytes: sum(stored, (segment) => segment.segmentBytes),
    evictedBytes: sum(segments, (segment) =>
      segment.place === "store" ? segment.segmentBytes : 0,
    ),
  };
};

/** Plain bytes for each byte in the store. */
export const ratioOf = ({ storedBytes, objectBytes }: Whereabouts): string =>
  objectBytes === 0 ? "-" : `${(storedBytes / objectBytes).toFixed(2)}:1`;

export const describe = (where: Whereabouts): string =>
  [
    `uploaded ${megabytes(where.tape.uploadedBytes)}`,
    `pending ${megabytes(where.tape.pendingBytes)}`,
    `in cache ${megabytes(where.tape.cachedBytes)}`,
    `evicted ${megabytes(where.evictedBytes)}`,
    `compressed ${ratioOf(where)}`,
  ].join(" | ");

const POLL_MS = 250;

/** Everything written is in the store, manifest or not: nothing is pending and no segment lacks its object. */
export const isAllUploaded = ({ tape, segments }: Whereabouts): boolean =>
  tape.usedBytes > 0 &&
  tape.pendingBytes === 0 &&
  segments.length > 0 &&
  segments.every((segment) => segment.objectKey !== null);

/** Shows the whereabouts with `head` before them until `work` is done; a failing poll is shown, not fatal. */
export const watch = async <T>(
  screen: Screen,
  api: RestApi,
  barcode: string,
  head: () => string,
  work: Promise<T>,
): Promise<T> => {
  const state = { over: false };
  const finished = work.finally(() => {
    state.over = true;
  });
  const poll = async () => {
    while (!state.over) {
      const text = await whereabouts(api, barcode).then(describe, (error: unknown) =>
        error instanceof Error ? `no answer: ${error.message}` : String(error),
      );
      if (!state.over) screen.live(`${head()}${text}`);
      await pause(POLL_MS);
    }
  };
  const [result] = await Promise.all([finished, poll()]);
  return result;
};
