/** Runs checks one after the other and tells how each ended. */
import { ScsiError } from "@reelhouse/testing";
import { Bench } from "./bench.ts";
import { type Check, type CheckGroup } from "./check.ts";
import { Lack } from "./lack.ts";
import { isUnknown } from "./expect.ts";
import type { SuiteOptions } from "./options.ts";

export type Verdict = "PASS" | "FAIL" | "LACK";

export interface Outcome {
  readonly verdict: Verdict;
  readonly group: string;
  readonly check: Check;
  /** Why it failed, or what is lacking. */
  readonly reason: string | undefined;
  readonly milliseconds: number;
}

/** Runs one check on a bench that others use before and after it. */
export const runCheck = async (bench: Bench, group: string, check: Check): Promise<Outcome> => {
  const begun = performance.now();
  const ended = (verdict: Verdict, reason?: string): Outcome => ({
    verdict,
    group,
    check,
    reason,
    milliseconds: performance.now() - begun,
  });
  try {
    await bench.prepare(check.needs);
    await check.run(bench);
    return ended("PASS");
  } catch (error) {
    if (error instanceof Lack) return ended("LACK", error.message);
    if (error instanceof ScsiError && isUnknown(error.result))
      return ended("LACK", `no ${error.command}`);
    return ended("FAIL", error instanceof Error ? error.message : String(error));
  }
};

const isWanted = (group: string, check: Check, only: string | undefined): boolean =>
  only === undefined || `${group}: ${check.name}`.includes(only);

/** Runs every check that is wanted, in order. */
export const runSuite = async (
  options: SuiteOptions,
  groups: readonly CheckGroup[],
  tell: (outcome: Outcome) => void,
): Promise<readonly Outcome[]> => {
  const bench = new Bench(options);
  const outcomes: Outcome[] = [];
  try {
    for (const { name, checks } of groups)
      for (const check of checks) {
        if (!isWanted(name, check, options.only)) continue;
        const outcome = await runCheck(bench, name, check);
        outcomes.push(outcome);
        tell(outcome);
      }
  } finally {
    await bench.close();
  }
  return outcomes;
};
