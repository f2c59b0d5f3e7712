/** TapeAlert flags (SSC-5 annex A, SMC-3 annex A): each is told once to each nexus, and stays until it is cleared. */
import type { Nexus } from "./task.ts";

/** The flags a drive raises; DESIGN.md says when. Hardware that does not exist neither wears nor fails: no flag for it. */
export const tapeAlert = {
  hardError: 3,
  readFailure: 5,
  writeFailure: 6,
  writeProtect: 9,
  removalPrevented: 10,
  cleaningMedia: 11,
  unsupportedFormat: 12,
  memoryChipFailure: 15,
  readOnlyFormat: 17,
  cleanNow: 20,
  cleanPeriodic: 21,
  expiredCleaningMedia: 22,
  lostStatistics: 50,
  loadFailure: 55,
  wormOverwriteAttempted: 60,
} as const;

/** The flags a medium changer raises. */
export const changerAlert = { inventory: 24 } as const;

export type TapeAlert =
  | (typeof tapeAlert)[keyof typeof tapeAlert]
  | (typeof changerAlert)[keyof typeof changerAlert];

export const tapeAlertFlagCount = 64;

export class TapeAlerts {
  /** The raised flags, each with the nexuses that have read it. */
  readonly #raised = new Map<TapeAlert, WeakSet<Nexus>>();

  /** Called when a flag is raised. */
  heard: (() => void) | undefined;

  raise(flag: TapeAlert): void {
    this.#raised.set(flag, new WeakSet());
    this.heard?.();
  }

  /** The flags that are raised, whoever has read them. */
  get active(): ReadonlySet<number> {
    return new Set(this.#raised.keys());
  }

  /** The raised flags as 64 bits, flag 1 first: MAM attribute 0002h and the TapeAlert Response log page. */
  get bitmap(): Uint8Array {
    const bitmap = new Uint8Array(tapeAlertFlagCount / 8);
    for (const flag of this.#raised.keys()) {
      bitmap[(flag - 1) >> 3]! |= 0x80 >> ((flag - 1) & 7);
    }
    return bitmap;
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
