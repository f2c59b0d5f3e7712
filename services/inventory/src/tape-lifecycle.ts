/**
 * The life of a tape in the catalogue: a total table, state × what happened → the next state, or the refusal.
 *
 *   POST ──▶ CREATING ──described──▶ AVAILABLE ◀──described (a replaced disk came back)── DELETED
 *               │                     │    ▲                                               ▲
 *           removeAsked      removeAsked   removeRefused                                   │
 *               ▼                     ▼    │                                               │
 *               └──────────────────▶ DELETING ──────────────── removed ────────────────────┘
 *
 * "Asked" is what an operator wants; the rest is what the gateway says, and the gateway is right: it owns the media.
 * Archive states will be further rows and columns.
 */
import type { ErrorCode, tapeStatus } from "@reelhouse/contracts";
import type { z } from "zod";

export type TapeStatus = z.infer<typeof tapeStatus>;

export type TapeHappening =
  /** POST again, after one whose outcome nobody knows. */
  | "createAsked"
  /** The gateway says that it holds the volume: volume.created. */
  | "described"
  /** The gateway says what is on it now: volume.changed. */
  | "changed"
  | "removeAsked"
  /** The gateway would not remove it: it is in a drive. */
  | "removeRefused"
  /** volume.removed, or the gateway says that it has no such volume. */
  | "removed";

/** Not possible in that state; where an operator asked, `code` is the answer. */
export interface LifecycleRefusal {
  readonly refused: ErrorCode;
}

const exists: LifecycleRefusal = { refused: "TAPE_EXISTS" };
const gone: LifecycleRefusal = { refused: "TAPE_NOT_FOUND" };

export const transitions: Readonly<
  Record<TapeStatus, Readonly<Record<TapeHappening, TapeStatus | LifecycleRefusal>>>
> = {
  CREATING: {
    createAsked: "CREATING",
    described: "AVAILABLE",
    changed: "AVAILABLE",
    removeAsked: "DELETING",
    removeRefused: "CREATING",
    removed: "DELETED",
  },
  AVAILABLE: {
    createAsked: exists,
    described: "AVAILABLE",
    changed: "AVAILABLE",
    removeAsked: "DELETING",
    removeRefused: "AVAILABLE",
    removed: "DELETED",
  },
  DELETING: {
    createAsked: exists,
    // It still stands, as expected until the removal is done: the wish to remove it stays.
    described: "DELETING",
    changed: "DELETING",
    removeAsked: "DELETING",
    removeRefused: "AVAILABLE",
    removed: "DELETED",
  },
  DELETED: {
    createAsked: exists,
    described: "AVAILABLE",
    changed: gone,
    removeAsked: gone,
    removeRefused: gone,
    removed: "DELETED",
  },
};

export const isRefusal = (next: TapeStatus | LifecycleRefusal): next is LifecycleRefusal =>
  typeof next === "object";
