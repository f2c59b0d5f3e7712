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

/** What budgets hold together, and may: those of one initiator, or of one address. */
export interface SlabGroup {
  readonly slabsMax: number;
  heldCount: number;
  /** Budgets that finish a block though the group's share is spent. */
  readonly finishing: Set<unknown>;
}

export const createSlabGroup = (slabsMax: number): SlabGroup => ({
  slabsMax,
  heldCount: 0,
  finishing: new Set(),
});

/** A holder with a limit of its own: one connection, or one drive's reads. */
export interface SlabBudget extends SlabPool {
  /**
   * False when the budget is spent, or one of its groups or the pool while it holds more than its floor, or it has to wait
   * until others of its group have finished their blocks: wait for `onFree`. Who asks takes its place among these.
   */
  readonly available: boolean;
  /** Calls back once when it is available. */
  onFree(callback: () => void): void;
  /** From now on it counts in that group too, with what it holds. It may be in several. */
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

/** The slab that is read into, and the one before it: an idle connection has no more, and one of commands alone does with it. */
const baseSlabs = 2;

/**
 * Of a group that has spent its share, so many budgets go on to their floor; the others wait until these have finished their
 * blocks. Without it, 140 sessions with a block begun each would hold 3 GiB.
 */
const finishingMax = 4;

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

function mayFinish({ finishing }: SlabGroup, budget: unknown): boolean {
  if (finishing.has(budget)) return true;
  if (finishing.size >= finishingMax) return false;
  finishing.add(budget);
  return true;
}

function createBudget(pool: Shared, ownMax: number): SlabBudget {
  let held = 0;
  const groups: SlabGroup[] = [];
  const count = (change: 1 | -1): void => {
    const wasBusy = held > 1;
    held += change;
    for (const group of groups) {
      group.heldCount += change;
      if (held < baseSlabs) group.finishing.delete(budget);
    }
    if (held > 1 !== wasBusy) pool.changeBusy(change);
  };
  const budget: SlabBudget = {
    get heldCount() {
      return held;
    },
    get available() {
      if (held >= ownMax) return false;
      if (held < baseSlabs) return true;
      const spent = groups.filter((group) => group.heldCount >= group.slabsMax);
      for (const group of groups) if (!spent.includes(group)) group.finishing.delete(budget);
      if (held >= floorSlabs) return spent.length === 0 && pool.heldCount() < pool.slabsMax;
      return spent.every((group) => mayFinish(group, budget));
    },
    acquire() {
      count(1);
      return pool.acquire(() => count(-1));
    },
    onFree(callback) {
      pool.waiting.add({ budget, callback });
    },
    join(group) {
      groups.push(group);
      group.heldCount += held;
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
