/**
 * The cache's budget over all volumes: what must stay, what may go and in which order, and how much a writer is slowed
 * down or refused. Pure bookkeeping: the caller writes, evicts and waits.
 *
 * Bytes are file bytes. `pending`: no receipt yet, must stay. `clean`: in the store too, may be evicted when unpinned.
 */
import assert from "node:assert/strict";

/** From this share of the budget on, pending bytes slow writers down: before, bursts pass at full speed. */
export const slowDownFrom = 0.75;
/** At this share they are refused: what is left is for indexes, logs and what is staged already. */
export const refuseFrom = 0.97;
/** The longest wait for one write, reached just before it is refused; hosts wait minutes before they give up. */
export const delayMsMax = 2000;

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

interface CacheEntry {
  bytes: number;
  clean: boolean;
  pins: number;
}

/** What lies in the cache, by key (a segment's path); clean entries in the order of their last use. */
export class CacheLedger {
  readonly bytesMax: number;
  readonly #pending = new Map<string, CacheEntry>();
  readonly #clean = new Map<string, CacheEntry>();
  #pendingBytes = 0;
  #cleanBytes = 0;

  constructor(bytesMax: number) {
    assert(bytesMax > 0);
    this.bytesMax = bytesMax;
  }

  get figures(): CacheFigures {
    const { bytesMax } = this;
    return { bytesMax, pendingBytes: this.#pendingBytes, cleanBytes: this.#cleanBytes };
  }

  /** The entry is here with this size; clean: it may go. An entry that becomes clean counts as just used. */
  set(key: string, bytes: number, clean: boolean): void {
    const pins = this.#take(key)?.pins ?? 0;
    (clean ? this.#clean : this.#pending).set(key, { bytes, clean, pins });
    if (clean) this.#cleanBytes += bytes;
    else this.#pendingBytes += bytes;
  }

  /** Evicted, dropped, or its volume removed. */
  delete(key: string): void {
    this.#take(key);
  }

  /** Read just now: goes to the end of the line of those that may be evicted. */
  touch(key: string): void {
    const entry = this.#clean.get(key);
    if (entry === undefined) return;
    this.#clean.delete(key);
    this.#clean.set(key, entry);
  }

  /** Needed by a reader: not evicted until as many `unpin`. */
  pin(key: string): void {
    const entry = this.#entry(key);
    if (entry !== undefined) entry.pins += 1;
  }

  unpin(key: string): void {
    const entry = this.#entry(key);
    if (entry === undefined) return;
    assert(entry.pins > 0, "unpinned once too often");
    entry.pins -= 1;
  }

  /** Clean, unpinned entries, longest unused first, until they make up `bytes`; fewer when there are no more. */
  victims(bytes: number): string[] {
    const keys: string[] = [];
    let left = bytes;
    for (const [key, entry] of this.#clean) {
      if (left <= 0) break;
      if (entry.pins > 0) continue;
      keys.push(key);
      left -= entry.bytes;
    }
    return keys;
  }

  #entry(key: string): CacheEntry | undefined {
    return this.#clean.get(key) ?? this.#pending.get(key);
  }

  #take(key: string): CacheEntry | undefined {
    const entry = this.#entry(key);
    if (entry === undefined) return undefined;
    if (entry.clean) this.#cleanBytes -= entry.bytes;
    else this.#pendingBytes -= entry.bytes;
    this.#clean.delete(key);
    this.#pending.delete(key);
    return entry;
  }
}
