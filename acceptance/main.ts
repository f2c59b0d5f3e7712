/**
 * `npm run acceptance`: the product as its user starts it, met by clients that know nothing of it: Debian's libiscsi
 * tools, a Linux kernel with open-iscsi, st, ch and sg in a virtual machine, the compose deployment, and a soak.
 * Arguments name parts to run (libiscsi, guest, compose, soak), or scripts of the guest; without any, all run.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Reelhouse, startReelhouse } from "@reelhouse/testing";
import { runLibiscsi } from "./libiscsi/part.ts";
import { runProgram } from "./program.ts";
import { createPart, type PartResult, say, tableOf } from "./report.ts";
import { GUEST_SCRIPTS, runGuestScripts } from "./vm/part.ts";

const MIB = 1024 * 1024;
const SMALL_TAPES = ["END001L8", "END002L8", "END003L8"];
const SMALL_TAPE_BYTES = 96 * MIB;
const SOAK_MINUTES = 3;

const wanted = process.argv.slice(2);
const PARTS = ["guest", "libiscsi", "compose", "soak"] as const;
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

const embedded = (folder: string, logFile: string) =>
  withProduct("embedded", folder, async (reelhouse, results) => {
    const scripts = GUEST_SCRIPTS.filter((script) => isWanted("guest", script));
    if (scripts.length > 0) {
      for (const barcode of SMALL_TAPES) await reelhouse.api.createTape(barcode, SMALL_TAPE_BYTES);
      const { port } = reelhouse.portal;
      results.push(
        ...(await runGuestScripts({ portalPort: port, smallTapes: SMALL_TAPES, logFile, scripts })),
      );
    }
    if (isWanted("libiscsi")) results.push(await runLibiscsi(reelhouse));
  });

const main = async (): Promise<number> => {
  const folder = mkdtempSync(join(tmpdir(), "reelhouse-acceptance-run-"));
  const logFile = join(folder, "guest-output.txt");
  mkdirSync(folder, { recursive: true });
  const results: PartResult[] = [];
  if (isWanted("libiscsi", "guest", ...GUEST_SCRIPTS))
    results.push(...(await embedded(folder, logFile)));
  const compose = join(import.meta.dirname, "compose/run.ts");
  // All its deaths are for who asks for it by name.
  const deaths = wanted.length === 0 ? ["--some"] : [];
  if (isWanted("compose")) results.push(await runProgram("compose", [compose, ...deaths]));
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
