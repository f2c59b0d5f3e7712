/**
 * The Linux guest against the compose deployment, with its settings as they are delivered: open-iscsi, st, ch and sg of a
 * real kernel meet the published portal. Prints a PASS or FAIL line each and ends with `N passed, N failed`; without an
 * engine or an image it says so and passes nothing. `--some` runs fewer scripts, `--log FILE` keeps what the guest prints.
 */
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { restApi } from "@reelhouse/testing";
import { createPart, type PartResult } from "../report.ts";
import { GUEST_SCRIPTS, runGuestScripts } from "../vm/part.ts";
import { createSmallTapes } from "../vm/small-tapes.ts";
import { adminToken, bringUp, prepare, type Prepared } from "./deployment.ts";
import { whyNoDeployment } from "./docker.ts";

/** Discovery, who may log in, the changer, positioning, archives and two drives at once: what any backup program meets. */
const SOME = [
  "10-discovery",
  "16-authentication",
  "20-changer",
  "30-positioning",
  "40-archives",
] as const;

const { values: options } = parseArgs({
  options: { some: { type: "boolean" }, log: { type: "string" } },
});
const logFile = options.log ?? path.join(tmpdir(), `reelhouse-compose-guest-${process.pid}.txt`);

const runScripts = async (prepared: Prepared): Promise<PartResult[]> => {
  const deployment = createPart("compose guest");
  const begun = performance.now();
  await bringUp(prepared);
  deployment.pass(`up with the emulator (${((performance.now() - begun) / 1000).toFixed(0)} s)`);
  const token = await adminToken(prepared);
  const api = restApi(prepared.apiUrl, () => token);
  const smallTapes = await createSmallTapes(api);
  const results = await runGuestScripts({
    api,
    productOutput: async () => (await prepared.compose(["logs", "--no-log-prefix"])).output,
    portalPort: prepared.portal.port,
    deployment: "compose",
    smallTapes,
    logFile,
    scripts: options.some === true ? SOME : GUEST_SCRIPTS,
  });
  for (const { name, seconds, note } of results)
    deployment.say(note ?? `${name} took ${seconds.toFixed(0)} s`);
  // A deployment that nobody logged in to has shown nothing.
  return results.some(({ passed, failed }) => passed + failed > 0)
    ? [deployment.result, ...results]
    : results;
};

const main = async (): Promise<readonly PartResult[]> => {
  const missing = await whyNoDeployment();
  if (missing !== undefined) {
    console.log(`not run: ${missing}`);
    return [];
  }
  // oxlint-disable-next-line node/no-process-env -- testcontainers' reaper is an image of its own, and we take down ourselves
  process.env["TESTCONTAINERS_RYUK_DISABLED"] = "true";
  const prepared = await prepare({});
  const leave = () => void prepared.remove().finally(() => process.exit(1));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, leave);
  try {
    return await runScripts(prepared);
  } finally {
    await prepared.remove();
  }
};

const results = await main();
const count = (key: "passed" | "failed") => results.reduce((sum, result) => sum + result[key], 0);
if (count("failed") > 0) console.log(`     everything the guest printed: ${logFile}`);
console.log(`${count("passed")} passed, ${count("failed")} failed`);
process.exitCode = count("failed") === 0 ? 0 : 1;
