/** Programs of libiscsi, run one at a time, and what iscsi-test-cu tells of itself. */
import { execFile } from "node:child_process";
import type { Part } from "../report.ts";
import type { Expected } from "./results.ts";

const TOOL_TIMEOUT_MS = 60_000;

export interface Run {
  readonly code: number;
  readonly output: string;
}

export const run = (
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Run> =>
  new Promise((resolve) => {
    // oxlint-disable-next-line node/no-process-env -- a child needs PATH
    const env = { ...process.env, ...environment };
    execFile(program, args, { env, timeout: TOOL_TIMEOUT_MS }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, output: `${stdout}${stderr}` });
    });
  });

interface Verdict {
  readonly outcome: "pass" | "skip" | "fail";
  readonly complaints: string;
}

/**
 * What the test itself told: before the banner stand questions of the program about disks. One that skips itself was not
 * run, whatever its exit code says.
 */
export function verdictOf({ code, output }: Run): Verdict {
  const complaints = output
    .slice(Math.max(0, output.indexOf("CUnit - A unit testing")))
    .split("\n")
    .filter((line) => /\[(FAILED|SKIPPED)\]|CU_ASSERT/.test(line))
    .map((line) => line.trim());
  const isSkipped = complaints.some((line) => line.includes("[SKIPPED]"));
  const outcome = code !== 0 ? "fail" : isSkipped ? "skip" : "pass";
  return { outcome, complaints: complaints.join("; ").slice(0, 400) };
}

/** A device of a run. */
export interface Bench {
  readonly device: string;
  /** Makes it ready for a test, and says where it is: the paths to it, and what the program needs to know. */
  readonly prepare: (expected: Expected) => Promise<{
    readonly urls: readonly string[];
    readonly environment: Readonly<Record<string, string>>;
    readonly done: () => Promise<void>;
  }>;
}

/** Its two tests are one run: the second reads, before its own answer, a variable that the first has set. */
const RUN_TOGETHER = "iSCSITMF";

const askedFor = (test: string): string =>
  `ALL.${test.startsWith(`${RUN_TOGETHER}.`) ? RUN_TOGETHER : test}`;

/** One test at a time, each with a line; those of the table's "no" are not run. */
export async function runBench(part: Part, bench: Bench, rows: readonly Expected[]): Promise<void> {
  for (const row of rows.filter(({ outcome }) => outcome !== "no")) {
    const { urls, environment, done } = await bench.prepare(row);
    const args = ["-d", "-n", "-t", askedFor(row.test), ...urls];
    const { outcome, complaints } = verdictOf(await run("iscsi-test-cu", args, environment));
    await done();
    const name = `iscsi-test-cu ${row.test} on the ${bench.device}`;
    const wanted = row.outcome === "skip" ? "skip" : "pass";
    if (outcome !== wanted) part.fail(`${name}: ${outcome}, not ${wanted}: ${complaints}`);
    else if (outcome === "skip") part.skip(`${name}: ${row.reason}`);
    else part.pass(name);
  }
}

/** Its tests, by `<suite>.<test>`. */
export async function listTests(): Promise<readonly string[]> {
  const { output } = await run("iscsi-test-cu", ["-l"]);
  return output
    .split("\n")
    .filter((line) => /^ALL\.[^.]+\.[^.]+$/.test(line))
    .map((line) => line.slice("ALL.".length));
}
