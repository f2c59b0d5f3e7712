/** `npm test`: every unit and integration test, then one line `N passed, N failed`. Arguments go on to vitest. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../../..");
const folder = mkdtempSync(path.join(tmpdir(), "reelhouse-test-"));
const report = path.join(folder, "report.json");

const run = spawnSync(
  process.execPath,
  [
    path.join(root, "node_modules/vitest/vitest.mjs"),
    "run",
    "--config",
    path.join(root, "packages/tooling/vitest.config.ts"),
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: "inherit" },
);

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numTotalTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly unknown[];
  }[];
}

let passed = 0;
let failed = 1;
try {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- vitest's own report, of the version the lockfile names
  const result = JSON.parse(readFileSync(report, "utf8")) as Report;
  // A file that does not load has no tests to fail; a test that did not run did not pass.
  const brokenFiles = result.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  ).length;
  passed = result.numPassedTests;
  failed = result.numTotalTests - result.numPassedTests + brokenFiles;
  if (failed === 0 && run.status !== 0) failed = 1;
} catch (error) {
  console.error(`the test run left no report: ${String(error)}`);
}
rmSync(folder, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
