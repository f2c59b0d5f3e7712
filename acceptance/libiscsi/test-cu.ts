/** Programs of libiscsi, run one at a time, and what iscsi-test-cu tells of itself. */
import { execFile } from "node:child_process";
import type { Part } from "../report.ts";

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

/**
 * What the test itself told: before the banner stand questions of the program about disks.
 */
const complaintsOf = (output: string): string[] =>
  output
    .slice(Math.max(0, output.indexOf("CUnit - A unit testing")))
    .split("\n")
    .filter((line) => /\[(FAILED|SKIPPED)\]|CU_ASSERT/.test(line))
    .map((line) => line.trim());

export interface Suite {
  readonly device: string;
  readonly url: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Before each test. */
  readonly prepare: () => Promise<void>;
}

/** One test at a time, so that each has a line; one that skips itself was not run, whatever its exit code says. */
export const runSuite = async (part: Part, suite: Suite, tests: readonly string[]) => {
  for (const test of tests) {
    await suite.prepare();
    const { code, output } = await run(
      "iscsi-test-cu",
      ["-d", "-n", "-t", test, suite.url],
      suite.environment,
    );
    const complaints = complaintsOf(output);
    const name = `iscsi-test-cu ${test} on the ${suite.device}`;
    if (code === 0 && !complaints.some((line) => line.includes("[SKIPPED]"))) part.pass(name);
    else part.fail(`${name}: exit ${code}: ${complaints.join("; ").slice(0, 400)}`);
  }
};
