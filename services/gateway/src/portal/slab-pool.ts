/**
 * The receive and read buffers of the data path: slabs of one size, used again and again.
 *
 * Touching fresh memory is the dearest thing on this path, so a slab is made once and comes back when its last holder
 * releases it. Each holder retains once and releases once; a release too many is a broken invariant.
 */
import assert from "node:assert/strict";

/** 1 MiB: large enough that a write of the usual 256 KiB blocks leaves in few pieces, small enough to pin little. */
export const slabBytes = 1024 * 1024;

/** Slabs kept for use again when nobody holds them (64 MiB): more than a busy gateway turns over, and a bound when idle. */
const idleSlabsMax = 64;

export interface Slab {
  readonly bytes: Uint8Array;
  retain(): void;
  release(): void;
}

export interface SlabPool {
  /** A slab with one holder: the caller. */
  acquire(): Slab;
  /** Slabs that somebody holds now. */
  readonly heldCount: number;
}

/** A group of holders with a limit of its own: one connection, or one drive's reads. */
export interface SlabBudget extends SlabPool {
  /** False when the budget is spent: wait for `onFree`. */
  readonly available: boolean;
  /** Calls back once when a slab of this budget came back. */
  onFree(callback: () => void): void;
}

export function createSlabPool(): SlabPool & { budget(slabsMax: number): SlabBudget } {
  const idle: Uint8Array[] = [];
  let heldCount = 0;

  const acquire = (returned?: () => void): Slab => {
    const bytes = idle.pop() ?? Buffer.allocUnsafeSlow(slabBytes);
    let holders = 1;
    heldCount++;
    return {
      bytes,
      retain() {
        assert(holders > 0, "a slab nobody holds cannot be retained");
        holders++;
      },
      release() {
        assert(holders > 0, "a slab was released more often than retained");
        if (--holders > 0) return;
        heldCount--;
        if (idle.length < idleSlabsMax) idle.push(bytes);
        returned?.();
      },
    };
  };

  const budget = (slabsMax: number): SlabBudget => {
    let held = 0;
    let waiting: (() => void)[] = [];
    return {
      get heldCount() {
        return held;
      },
      get available() {
        return held < slabsMax;
      },
      acquire() {
        held++;
        return acquire(() => {
          held--;
          const callbacks = waiting;
          waiting = [];
          for (const callback of callbacks) callback();
        });
      },
      onFree(callback) {
        waiting.push(callback);
      },
    };
  };

  return {
    get heldCount() {
      return heldCount;
    },
    acquire: () => acquire(),
    budget,
  };
}
