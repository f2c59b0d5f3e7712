/** TapeAlert flags (SSC-5 annex A, SMC-3 annex A): each is told once to each nexus, and stays until it is cleared. */
import type { Nexus } from "./task.ts";

/** The flags this package raises. */
export const tapeAlert = {
  hardError: 3,
  readFailure: 5,
  writeFailure: 6,
  unsupportedFormat: 15,
  cleanNow: 20,
  cleanPeriodic: 21,
  expiredCleaningMedia: 22,
} as const;

export type TapeAlert = (typeof tapeAlert)[keyof typeof tapeAlert];

export class TapeAlerts {
  /** The raised flags, each with the nexuses that have read it. */
  readonly #raised = new Map<TapeAlert, WeakSet<Nexus>>();

  /** Called when a flag is raised. */
  heard: (() => void) | undefined;

  raise(flag: TapeAlert): void {
    this.#raised.set(flag, new WeakSet());
    this.heard?.();
  }

  /** The flags `nexus` has not read yet; they count as read now. */
  take(nexus: Nexus): ReadonlySet<number> {
    const unread = new Set<number>();
    for (const [flag, readers] of this.#raised) {
      if (readers.has(nexus)) continue;
      readers.add(nexus);
      unread.add(flag);
    }
    return unread;
  }

  get isAnyRaised(): boolean {
    return this.#raised.size > 0;
  }

  lower(flag: TapeAlert): void {
    this.#raised.delete(flag);
  }

  clear(): void {
    this.#raised.clear();
  }
}
