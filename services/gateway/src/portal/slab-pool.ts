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

/** What budgets hold together, and may: those of one initiator. */
export interface SlabGroup {
  readonly slabsMax: number;
  heldCount: number;
}

/** A holder with a limit of its own: one connection, or one drive's reads. */
export interface SlabBudget extends SlabPool {
  /** False when the budget is spent, or its group or the pool while it holds more than its floor: wait for `onFree`. */
  readonly available: boolean;
  /** Calls back once when it is available. */
  onFree(callback: () => void): void;
  /** From now on it counts in that group too, with what it holds. */
  join(group: SlabGroup): void;
}

export interface SharedSlabPool extends SlabPool {
  /** What all may hold before those past their floor wait. */
  readonly slabsMax: number;
  /** Budgets that hold more than the slab they read into. */
  readonly busyCount: number;
  budget(slabsMax: number): SlabBudget;
}

/**
 * What a budget may hold whatever the others do: the longest block (16 MiB, which may lie in 17 slabs) and what comes
 * unsolicited behind it. A block that has begun can so always be finished, and gives its slabs back.
 */
const floorSlabs = 24;

interface Waiting {
  readonly budget: Pick<SlabBudget, "available">;
  readonly callback: () => void;
}

/** What a budget needs of its pool. */
interface Shared {
  readonly slabsMax: number;
  readonly waiting: Set<Waiting>;
  heldCount(): number;
  changeBusy(change: 1 | -1): void;
  acquire(returned: () => void): Slab;
}

function createBudget(pool: Shared, ownMax: number): SlabBudget {
  let held = 0;
  let group: SlabGroup | undefined;
  const count = (change: 1 | -1): void => {
    const wasBusy = held > 1;
    held += change;
    if (group !== undefined) group.heldCount += change;
    if (held > 1 !== wasBusy) pool.changeBusy(change);
  };
  const budget: SlabBudget = {
    get heldCount() {
      return held;
    },
    get available() {
      if (held >= ownMax) return false;
      if (held < floorSlabs) return true;
      const hasRoom = group === undefined || group.heldCount < group.slabsMax;
      return hasRoom && pool.heldCount() < pool.slabsMax;
    },
    acquire() {
      count(1);
      return pool.acquire(() => count(-1));
    },
    onFree(callback) {
      pool.waiting.add({ budget, callback });
    },
    join(to) {
      group = to;
      to.heldCount += held;
    },
  };
  return budget;
}

export function createSlabPool(slabsMax = Number.POSITIVE_INFINITY): SharedSlabPool {
  const idle: Uint8Array[] = [];
  const waiting = new Set<Waiting>();
  let heldCount = 0;
  let busyCount = 0;

  const wake = (): void => {
    for (const each of waiting) {
      if (!each.budget.available) continue;
      waiting.delete(each);
      each.callback();
    }
  };

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
        if (waiting.size > 0) wake();
      },
    };
  };

  const shared: Shared = {
    slabsMax,
    waiting,
    heldCount: () => heldCount,
    changeBusy: (change) => void (busyCount += change),
    acquire,
  };
  return {
    slabsMax,
    get heldCount() {
      return heldCount;
    },
    get busyCount() {
      return busyCount;
    },
    acquire: () => acquire(),
    budget: (ownMax) => createBudget(shared, ownMax),
  };
}
