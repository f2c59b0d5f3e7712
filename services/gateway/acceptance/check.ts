/** What a conformance check is, and the three ways in which it ends: it returns, it throws, or the target lacks what it asks. */
import type { Bench } from "./bench.ts";

/** What must be there before a check begins; the runner sees to it, or says LACK. */
export type Precondition =
  /** Nothing: neither a cartridge nor a changer. */
  | "none"
  /** The scratch cartridge in the drive, at its beginning, empty, one partition, blocks of variable length. */
  | "scratch"
  /** A cartridge in the drive that is small enough to be filled. */
  | "small"
  /** A write-once cartridge in the drive. */
  | "worm"
  /** A changer, and the drive empty. */
  | "changer";

export interface Check {
  /** `condition → result`. */
  readonly name: string;
  /** The clause it follows. */
  readonly clause: string;
  readonly needs: Precondition;
  readonly run: (bench: Bench) => Promise<void>;
}

/** Checks of one subject, in the order in which they run. */
export interface CheckGroup {
  readonly name: string;
  readonly checks: readonly Check[];
}

/** A group whose checks share precondition and standard. */
export const group = (
  name: string,
  needs: Precondition,
  checks: readonly (readonly [name: string, clause: string, run: Check["run"]])[],
): CheckGroup => ({
  name,
  checks: checks.map(([checkName, clause, run]) => ({ name: checkName, clause, needs, run })),
});
