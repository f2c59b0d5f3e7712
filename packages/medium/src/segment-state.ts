/**
 * The life of a segment. Whether an upload is under way is no state: jobs are hints.
 *
 *   open ──seal──▶ sealed ──receipt──▶ uploaded ──evict──▶ evicted ──recall──▶ recalling
 *                    │                    ▲  ▲                ▲                  │   │
 *                    └─lose─▶ lost ─receipt──┼────────────────┘◀───recallFailed──┘   │
 *                                            └──────────────────recalled─────────────┘
 *
 * `evictFailed` takes an `evict` back: evicted ──▶ uploaded.
 */

export const segmentStates = [
  "open",
  "sealed",
  "uploaded",
  "evicted",
  "recalling",
  "lost",
] as const;
export type SegmentState = (typeof segmentStates)[number];

export const segmentEvents = [
  "seal",
  "receipt",
  "evict",
  "evictFailed",
  "recall",
  "recalled",
  "recallFailed",
  "lose",
] as const;
export type SegmentEvent = (typeof segmentEvents)[number];

/** Total: every state answers every event; `refused` says that the caller must not do what it was about to do. */
export const segmentTransitions: Record<
  SegmentState,
  Record<SegmentEvent, SegmentState | "refused">
> = {
  /** Takes records; its file must stay. */
  open: {
    seal: "sealed",
    receipt: "refused",
    evict: "refused",
    evictFailed: "refused",
    recall: "refused",
    recalled: "refused",
    recallFailed: "refused",
    lose: "refused",
  },
  /** Immutable, not yet in the store: its file must stay. */
  sealed: {
    seal: "refused",
    receipt: "uploaded",
    evict: "refused",
    evictFailed: "refused",
    recall: "refused",
    recalled: "refused",
    recallFailed: "refused",
    lose: "lost",
  },
  /** In the store and here: its file may go. A second receipt replaces the first (the upload was done twice). */
  uploaded: {
    seal: "refused",
    receipt: "uploaded",
    evict: "evicted",
    evictFailed: "refused",
    recall: "refused",
    recalled: "uploaded",
    recallFailed: "refused",
    lose: "evicted",
  },
  /** Only in the store. When its file could not be removed after all, it is still here. */
  evicted: {
    seal: "refused",
    receipt: "evicted",
    evict: "refused",
    evictFailed: "uploaded",
    recall: "recalling",
    recalled: "uploaded",
    recallFailed: "evicted",
    lose: "evicted",
  },
  /** On its way back. */
  recalling: {
    seal: "refused",
    receipt: "recalling",
    evict: "refused",
    evictFailed: "refused",
    recall: "refused",
    recalled: "uploaded",
    recallFailed: "evicted",
    lose: "refused",
  },
  /** Neither here nor in the store: somebody took the file. A receipt that was on its way saves it. */
  lost: {
    seal: "refused",
    receipt: "evicted",
    evict: "refused",
    evictFailed: "refused",
    recall: "refused",
    recalled: "refused",
    recallFailed: "refused",
    lose: "lost",
  },
};
