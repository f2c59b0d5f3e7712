/** After the soak: everything has left for the store, and each object there is the one of the catalogue. */
import { createHash } from "node:crypto";
import { getObject, type Reelhouse, type S3Access, waitUntil } from "@reelhouse/testing";

/** What waits for its turn in the queue after an outage waits at most a minute; then the backlog is shipped. */
const UPLOAD_TIMEOUT_MS = 180_000;

/** Waits until nothing of the tape is pending. Answers the faults found in its objects. */
export const checkStored = async (reelhouse: Reelhouse, access: S3Access, barcode: string) => {
  const { api } = reelhouse;
  const segments = await waitUntil(
    async () => {
      const views = await Promise.all([api.tape(barcode), api.segments(barcode)]).catch(() => null);
      if (views === null || views[0].pendingBytes > 0 || views[0].usedBytes === 0) return undefined;
      return views[1].every(({ objectKey }) => objectKey !== null) ? views[1] : undefined;
    },
    { what: `the upload of all of ${barcode}`, timeoutMs: UPLOAD_TIMEOUT_MS, pauseMs: 500 },
  );
  const faults: string[] = [];
  for (const { objectKey, objectSha256 } of segments) {
    const bytes = await getObject(access, objectKey ?? "");
    if (createHash("sha256").update(bytes).digest("hex") !== objectSha256)
      faults.push(objectKey ?? "");
  }
  return { segments: segments.length, faults };
};
