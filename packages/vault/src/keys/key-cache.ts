/** Plain data keys in memory: few, for a short time, and zeroed when they go. */

export interface KeyCacheOptions {
  readonly entriesMax: number;
  readonly ttlMs: number;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
}

export interface KeyCache {
  /** A copy for the caller, or undefined. */
  get(id: string): Buffer | undefined;
  /** Keeps a copy of its own. */
  set(id: string, key: Uint8Array): void;
  /** Zeroes and forgets what has expired. */
  sweep(): void;
  clear(): void;
  readonly entryCount: number;
}

export const createKeyCache = (options: KeyCacheOptions): KeyCache => {
  const entries = new Map<string, { readonly key: Buffer; readonly expiresAt: number }>();
  const drop = (id: string) => {
    entries.get(id)?.key.fill(0);
    entries.delete(id);
  };
  return {
    get(id) {
      const entry = entries.get(id);
      if (entry === undefined) return undefined;
      if (entry.expiresAt <= options.now()) {
        drop(id);
        return undefined;
      }
      // Back in at the young end: a Map keeps the order of insertion, so the first is the least recently used.
      entries.delete(id);
      entries.set(id, entry);
      return Buffer.from(entry.key);
    },
    set(id, key) {
      drop(id);
      entries.set(id, { key: Buffer.from(key), expiresAt: options.now() + options.ttlMs });
      for (const oldest of entries.keys()) {
        if (entries.size <= options.entriesMax) break;
        drop(oldest);
      }
    },
    sweep() {
      const now = options.now();
      for (const [id, entry] of entries) if (entry.expiresAt <= now) drop(id);
    },
    clear() {
      for (const id of entries.keys()) drop(id);
    },
    get entryCount() {
      return entries.size;
    },
  };
};
