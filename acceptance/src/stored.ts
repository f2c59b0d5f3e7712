/** Where a tape's bytes are, by the REST API and by the bucket itself. */
import { createHash } from "node:crypto";
import {
  getObject,
  type RestApi,
  type S3Access,
  type SegmentView,
  waitUntil,
} from "@reelhouse/testing";
import { expect } from "vitest";

/** An idle tape's last segment is sealed after ten seconds; a queue that was stopped needs its time too. */
const UPLOAD_TIMEOUT_MS = 90_000;

/** Waits until nothing of the tape is pending; gives its segments. REST may fail meanwhile. */
export const untilUploaded = (api: RestApi, barcode: string): Promise<SegmentView[]> =>
  waitUntil(
    async () => {
      const views = await Promise.all([api.tape(barcode), api.segments(barcode)]).catch(() => null);
      if (views === null) return undefined;
      const [{ usedBytes, pendingBytes }, segments] = views;
      const inStore = segments.every((segment) => segment.objectKey !== null);
      return usedBytes > 0 && pendingBytes === 0 && segments.length > 0 && inStore
        ? segments
        : undefined;
    },
    { what: `the upload of all of ${barcode}`, timeoutMs: UPLOAD_TIMEOUT_MS, pauseMs: 250 },
  );

/** Waits until the cache has given up so many of the tape's segments. */
export const untilEvicted = (api: RestApi, barcode: string, countMin: number): Promise<number> =>
  waitUntil(
    async () => {
      const segments = await api.segments(barcode);
      const count = segments.filter(({ place }) => place === "store").length;
      return count >= countMin ? count : undefined;
    },
    { what: `the eviction of ${countMin} segments of ${barcode}`, timeoutMs: UPLOAD_TIMEOUT_MS },
  );

/** Fetches the objects of all segments: length and SHA-256 are the catalogue's, and their bytes are given on. */
export const fetchObjects = async (
  access: S3Access,
  segments: readonly SegmentView[],
): Promise<Buffer[]> => {
  const objects: Buffer[] = [];
  for (const segment of segments) {
    const bytes = await getObject(access, segment.objectKey ?? "");
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    expect({ objectBytes: bytes.length, objectSha256: sha256 }).toEqual({
      objectBytes: segment.objectBytes,
      objectSha256: segment.objectSha256,
    });
    objects.push(bytes);
  }
  return objects;
};
