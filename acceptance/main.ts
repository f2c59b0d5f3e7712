/**
 * `npm run acceptance`: the product as its user starts it, met by clients that know nothing of it: Debian's libiscsi
 * tools, a Linux kernel with open-iscsi, st, ch and sg in a virtual machine, the compose deployment, a flood, and a soak.
 * Arguments name parts to run (libiscsi, guest, compose, flood, soak), or scripts of the guest; without any, all run.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Reelhouse, startReelhouse } from "@reelhouse/testing";
import { runLibiscsi } from "./libiscsi/part.ts";
import { runProgram } from "./program.ts";
import { createPart, type PartResult, say, tableOf } from "./report.ts";
import { GUEST_SCRIPTS, runGuestScripts } from "./vm/part.ts";
import { createSmallTapes } from "./vm/small-tapes.ts";

const COMPOSE = join(import.meta.dirname, "compose/run.ts");
const COMPOSE_GUEST = join(import.meta.dirname, "compose/guest.ts");
const SOAK_MINUTES = 3;

const wanted = process.argv.slice(2);
const PARTS = ["guest", "libiscsi", "compose", "flood", "soak"] as const;
const unknown = wanted.filter(
  (name) => ![...PARTS, ...GUEST_SCRIPTS].some((part) => part === name),
);
if (unknown.length > 0) {
  say(`There is no part ${unknown.join(", ")}: ${[...PARTS, ...GUEST_SCRIPTS].join(", ")}`);
  process.exit(2);
}
const isWanted = (...names: readonly string[]) =>
  wanted.length === 0 || names.some((name) => wanted.includes(name));

/**
 * Runs `body` against a product of its own. What it did not stop within its promise is a failure. Parts that were done before
 * one broke off keep their place in the table.
 */
const withProduct = async (
  name: string,
  folder: string,
  body: (reelhouse: Reelhouse, results: PartResult[]) => Promise<void>,
): Promise<PartResult[]> => {
  const own = createPart(name);
  const begun = performance.now();
  const reelhouse = await startReelhouse({ dataDir: join(folder, name, "data") });
  const ready = (performance.now() - begun) / 1000;
  own.pass(`npm start is ready (${ready.toFixed(1)} s)`);
  const results: PartResult[] = [];
  try {
    await body(reelhouse, results);
  } catch (error) {
    own.fail(String(error));
  }
  const code = await reelhouse.stop().catch(String);
  if (code === 0) own.pass("stops in order, exit code 0");
  else own.fail(`stop: ${code}`);
  own.result.seconds = ready;
  return [own.result, ...results];
};

/** What is on its screen and in its services' logs. */
const outputOf = async (reelhouse: Reelhouse): Promise<string> => {
  const logs = join(reelhouse.dataDir, "logs");
  const files = await Promise.all(
    (await readdir(logs)).map((name) => readFile(join(logs, name), "utf8")),
  );
  return [reelhouse.output(), ...files].join("\n");
};

const embedded = (folder: string, logFile: string) =>
  withProduct("embedded", folder, async (reelhouse, results) => {
    const scripts = GUEST_SCRIPTS.filter((script) => isWanted("guest", script));
    if (scripts.length > 0) {
      const smallTapes = await createSmallTapes(reelhouse.api);
      const { api, portal } = reelhouse;
      const target = { api, portalPort: portal.port, smallTapes, logFile, scripts };
      const productOutput = () => outputOf(reelhouse);
      results.push(...(await runGuestScripts({ ...target, productOutput })));
    }
    if (isWanted("libiscsi")) results.push(await runLibiscsi(reelhouse));
  });

/** Its containers and their deaths, then the guest against a deployment of its own. */
const compose = async (folder: string): Promise<PartResult[]> => {
  // All its deaths, and all the guest's scripts, are for who asks for it by name.
  const some = wanted.length === 0 ? ["--some"] : [];
  const logFile = join(folder, "compose-guest-output.txt");
  return [
    await runProgram("compose", [COMPOSE, ...some]),
    await runProgram("compose guest", [COMPOSE_GUEST, ...some, "--log", logFile]),
  ];
};

const main = async (): Promise<number> => {
  const folder = mkdtempSync(join(tmpdir(), "reelhouse-acceptance-run-"));
  const logFile = join(folder, "guest-output.txt");
  mkdirSync(folder, { recursive: true });
  const results: PartResult[] = [];
  if (isWanted("libiscsi", "guest", ...GUEST_SCRIPTS))
    results.push(...(await embedded(folder, logFile)));
  if (isWanted("compose")) results.push(...(await compose(folder)));
  if (isWanted("flood"))
    results.push(await runProgram("flood", [join(import.meta.dirname, "flood/main.ts")]));
  if (isWanted("soak")) {
    const soak = join(import.meta.dirname, "soak/main.ts");
    results.push(await runProgram("soak", [soak, "--minutes", String(SOAK_MINUTES)]));
  }
  const count = (key: "passed" | "failed") => results.reduce((sum, result) => sum + result[key], 0);
  say("");
  for (const line of tableOf(results)) say(line);
  if (count("failed") === 0) rmSync(folder, { recursive: true, force: true });
  else say(`\nEverything the guest printed: ${logFile}; the product's folder beside it.`);
  say(`\n${count("passed")} passed, ${count("failed")} failed`);
  return count("failed") === 0 && count("passed") > 0 ? 0 : 1;
};

process.exitCode = await main();
