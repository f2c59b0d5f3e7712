/**
 * The compose part of `npm run acceptance`: prints a PASS or FAIL line each and ends with `N passed, N failed`. Where no
 * Docker engine answers, or it has no images, it says so and passes nothing. `--some` runs fewer deaths.
 */
/* oxlint-disable node/no-process-env -- testcontainers takes its settings from the environment. */
import path from "node:path";
import { createVitest, type Reporter } from "vitest/node";
import type { DEATHS } from "./deaths.ts";
import { whyNoDeployment } from "./docker.ts";

const TEST_TIMEOUT_MS = 300_000;
/** The first start builds all images. */
const HOOK_TIMEOUT_MS = 900_000;

const missing = await whyNoDeployment();
if (missing !== undefined) {
  console.log(`not run: ${missing}`);
  console.log("0 passed, 0 failed");
  process.exit(0);
}
const deaths: keyof typeof DEATHS = process.argv.includes("--some") ? "some" : "all";
// testcontainers' reaper is an image of its own that must be pulled, and we take down what we bring up.
process.env["TESTCONTAINERS_RYUK_DISABLED"] = "true";

const count = { passed: 0, failed: 0 };
const reporter: Reporter = {
  onUserConsoleLog: ({ content }) => {
    process.stdout.write(content);
  },
  onTestCaseResult: (testCase) => {
    const { state, errors } = testCase.result();
    if (state === "passed") count.passed += 1;
    else count.failed += 1;
    console.log(`${state === "passed" ? "PASS" : "FAIL"} ${testCase.fullName}`);
    for (const { message } of errors ?? []) console.log(`     ${message.slice(0, 2000)}`);
  },
  onTestRunEnd: (modules, unhandled) => {
    for (const error of [...unhandled, ...modules.flatMap((each) => each.errors())]) {
      count.failed += 1;
      console.log(`FAIL outside a test: ${error.message}`);
    }
  },
};
const vitest = await createVitest("test", {
  watch: false,
  root: path.join(import.meta.dirname),
  config: false,
  include: ["*.test.ts"],
  reporters: [reporter],
  testTimeout: TEST_TIMEOUT_MS,
  hookTimeout: HOOK_TIMEOUT_MS,
  bail: 0,
  provide: { deaths },
});
// Even then what was brought up is taken down.
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.on(signal, () => void vitest.cancelCurrentRun("keyboard-input"));
await vitest.start();
await vitest.close();
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exitCode = count.failed === 0 ? 0 : 1;
