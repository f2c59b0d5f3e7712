/**
 * The states of a tape drive, and what each event does in each (total: no cell is left out).
 *
 *            insert             load (LOAD UNLOAD)
 *   empty ───────────▶ ready ◀──────────────────── unloaded, held
 *     ▲                  │ ───────────────────────────▲ │
 *     │     remove       │   unload, hold (LOAD UNLOAD) │
 *     └──────────────────┴──────────────────────────────┘ remove
 */
import type { Medium } from "./medium.ts";

export type DriveState =
  /** No cartridge. */
  | { readonly kind: "empty" }
  /** A cartridge is threaded: medium access commands work. */
  | { readonly kind: "ready"; readonly medium: Medium }
  /** A cartridge is seated but not threaded: after LOAD UNLOAD with LOAD zero, until the changer takes it or LOAD. */
  | { readonly kind: "unloaded"; readonly medium: Medium }
  /** The same, kept for the host by HOLD: it is told that LOAD is wanted, not that there is no medium. */
  | { readonly kind: "held"; readonly medium: Medium };

export type DriveStateKind = DriveState["kind"];

/** `insert` and `remove` are the changer's, the others the application client's (`hold`: LOAD UNLOAD with HOLD). */
export type DriveEvent = "insert" | "remove" | "load" | "unload" | "hold";

export const driveTransitions: Readonly<
  Record<DriveStateKind, Readonly<Record<DriveEvent, DriveStateKind | "refused">>>
> = {
  empty: {
    insert: "ready",
    remove: "refused",
    load: "refused",
    unload: "refused",
    hold: "refused",
  },
  ready: { insert: "refused", remove: "empty", load: "ready", unload: "unloaded", hold: "held" },
  unloaded: { insert: "refused", remove: "empty", load: "ready", unload: "unloaded", hold: "held" },
  held: { insert: "refused", remove: "empty", load: "ready", unload: "unloaded", hold: "held" },
};
