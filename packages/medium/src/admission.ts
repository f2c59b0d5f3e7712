/**
 * How the cache takes a write, as a function of how full it is. Pure: the caller writes, evicts and waits.
 *
 * Bytes are file bytes. `pending`: no receipt yet, must stay. `clean`: in the store too, may be evicted when unpinned.
 */

/** From this share of the budget on, pending bytes slow writers down: before, bursts pass at full speed. */
export const slowDownFrom = 0.75;
/** At this share they are refused: what is left is for indexes, logs and what is staged already. */
export const refuseFrom = 0.97;
/** The longest wait for one write, reached just before it is refused: at 1 MiB blocks, 2 MB/s. */
export const delayMsMax = 500;

export type Admission =
  | {
      readonly kind: "admitted";
      /** Wait this long before the answer. */
      readonly delayMs: number;
      /** Evict at least so many clean bytes to stay within the budget. */
      readonly evictBytes: number;
    }
  | { readonly kind: "refused" };

export interface CacheFigures {
  readonly bytesMax: number;
  readonly pendingBytes: number;
  readonly cleanBytes: number;
}

/**
 * May `bytes` more come in? The delay grows with the square of how far pending bytes are on the way from `slowDownFrom`
 * to `refuseFrom`: hardly felt at first, and near the end writers run at about the upload's speed.
 */
export const admission = (figures: CacheFigures, bytes: number): Admission => {
  const { bytesMax, pendingBytes, cleanBytes } = figures;
  const pending = pendingBytes + bytes;
  const share = pending / bytesMax;
  if (share >= refuseFrom) return { kind: "refused" };
  const way = Math.max(0, (share - slowDownFrom) / (refuseFrom - slowDownFrom));
  return {
    kind: "admitted",
    delayMs: Math.round(delayMsMax * way * way),
    evictBytes: Math.max(0, pending + cleanBytes - bytesMax),
  };
};
