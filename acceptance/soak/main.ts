/**
 * `npm run soak -- --minutes N [--seed S]`: four drives write, read and compare while services are killed or stopped
 * and the store fails in every way it knows. In the end everything that was answered for must be on the tapes and in
 * the store, and no process may have grown. A seed gives the same load and the same order of faults again.
 */
import { randomInt } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { pause, type Reelhouse, startReelhouse, waitUntil } from "@reelhouse/testing";
import { openOwnStore, type OwnStore } from "../src/own-store.ts";
import { createRandom } from "../src/random.ts";
import { createPart, type Part, say } from "../report.ts";
import { type Chaos, createChaos } from "./chaos.ts";
import { createMemoryWatch } from "./memory.ts";
import { checkStored } from "./stored.ts";
import { createWorker, type Worker } from "./worker.ts";

const MIB = 1024 * 1024;
const DRIVES = [1, 2, 3, 4] as const;
const SEED_MAX = 2 ** 31;
const SAMPLE_MS = 1000;
const PROGRESS_MS = 5000;
const RETURN_TIMEOUT_MS = 60_000;
const SETTINGS = { REELHOUSE_SEGMENT_BYTES_MAX: "2MiB", REELHOUSE_CACHE_BYTES_MAX: "64MiB" };

type MemoryWatch = ReturnType<typeof createMemoryWatch>;

const { values } = parseArgs({
  options: { minutes: { type: "string", default: "3" }, seed: { type: "string" } },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed ?? randomInt(SEED_MAX));
if (!(minutes > 0) || !Number.isInteger(seed)) {
  say("usage: npm run soak -- --minutes N [--seed WHOLE_NUMBER]");
  process.exit(2);
}

const sum = (workers: readonly Worker[], key: keyof Worker["counts"]) =>
  workers.reduce((total, { counts }) => total + counts[key], 0);
const mib = (bytes: number) => `${(bytes / MIB).toFixed(0)} MiB`;

const loadTapes = async (reelhouse: Reelhouse): Promise<void> => {
  const changer = await reelhouse.openChanger();
  await changer.clearUnitAttentions();
  const drives = await changer.ofType("dataTransfer");
  for (const number of DRIVES) await changer.load(barcodeOf(number), drives[number - 1]?.address);
  await changer.session.logout();
};
const barcodeOf = (drive: number) => `RHS00${drive}L8`;

/** Load and faults until the time is over; a line of progress every five seconds. */
const soak = async (workers: readonly Worker[], chaos: Chaos, memory: MemoryWatch) => {
  const begun = Date.now();
  const end = begun + minutes * 60_000;
  const done = () => Date.now() >= end;
  const sampler = setInterval(() => memory.sample(), SAMPLE_MS);
  const progress = setInterval(() => {
    const seconds = ((Date.now() - begun) / 1000).toFixed(0);
    const written = mib(sum(workers, "writtenBytes"));
    const read = mib(sum(workers, "readBytes"));
    say(
      `${seconds.padStart(5)} s  ${written} written, ${read} compared; now ${chaos.now}; MiB: ${memory.now()}`,
    );
  }, PROGRESS_MS);
  const trouble = chaos.run(done);
  const outcomes = await Promise.allSettled(workers.map((worker) => worker.run(done)));
  await trouble;
  clearInterval(sampler);
  clearInterval(progress);
  return outcomes;
};

const judgeTape = (part: Part, worker: Worker, outcome: PromiseSettledResult<void> | undefined) => {
  const { barcode, counts, losses } = worker;
  const told = `${mib(counts.writtenBytes)} in ${counts.filemarks} files, ${mib(counts.readBytes)} compared, ${counts.reconnections} times cut off`;
  if (outcome?.status === "rejected") part.fail(`${barcode}: ${String(outcome.reason)}`);
  else if (losses.length > 0) part.fail(`${barcode}: ${losses.join("; ")}`);
  else if (counts.filemarks === 0) part.fail(`${barcode}: nothing was written`);
  else part.pass(`${barcode} holds all that was answered for (${told})`);
};

const judgeStore = async (part: Part, reelhouse: Reelhouse, store: OwnStore, barcode: string) => {
  const { segments, faults } = await checkStored(reelhouse, store.access, barcode);
  if (faults.length === 0)
    part.pass(`${barcode}: ${segments} segments, each in the store and right`);
  else part.fail(`${barcode}: objects that are not the catalogue's: ${faults.join(", ")}`);
};

const judgeMemory = (part: Part, memory: MemoryWatch): void => {
  for (const { service, peakBytes, middleBytes, lastBytes, flat } of memory.verdicts()) {
    const told = `memory of ${service}: ${mib(middleBytes)}, in the last third ${mib(lastBytes)}, at most ${mib(peakBytes)}`;
    if (flat) part.pass(told);
    else part.fail(told);
  }
};

const play = async (part: Part, reelhouse: Reelhouse, store: OwnStore): Promise<void> => {
  await loadTapes(reelhouse);
  const random = createRandom(seed);
  // Each with numbers of its own: their turns come in another order every time.
  const workers = DRIVES.map((drive) =>
    createWorker(reelhouse, drive, barcodeOf(drive), createRandom(seed + drive), seed),
  );
  const chaos = createChaos(reelhouse, store.faults, random);
  const memory = createMemoryWatch(reelhouse);
  const outcomes = await soak(workers, chaos, memory);
  const endings = [...chaos.endings].map(([how, count]) => `${how} ${count}`).join(", ");
  say(
    `\nended: ${endings}; ${chaos.faultWindows} times the store; ${sum(workers, "reconnections")} sessions cut off`,
  );
  for (const [index, worker] of workers.entries()) judgeTape(part, worker, outcomes[index]);
  judgeMemory(part, memory);
  if (chaos.endings.size === 0 || chaos.faultWindows === 0)
    part.fail("too short: no service was ended, or the store never failed");
  await waitUntil(
    () =>
      reelhouse.api.request("GET", "/readyz").then(
        ({ status }) => (status === 200 ? true : undefined),
        () => undefined,
      ),
    { what: "REST's return", timeoutMs: RETURN_TIMEOUT_MS },
  );
  for (const { barcode } of workers) await judgeStore(part, reelhouse, store, barcode);
};

const main = async (): Promise<number> => {
  const part = createPart("soak");
  say(`soak: ${minutes} minutes, --seed ${seed}`);
  const folder = mkdtempSync(join(tmpdir(), "reelhouse-soak-"));
  const store = await openOwnStore("soak");
  await store.makeBucket();
  const settings = { ...SETTINGS, ...store.settings };
  const reelhouse = await startReelhouse({ dataDir: join(folder, "data"), settings });
  try {
    await play(part, reelhouse, store);
  } catch (error) {
    part.fail(String(error));
  }
  // A service that was being started again may need a moment more than one that ran.
  await pause(SAMPLE_MS);
  const code = await reelhouse.stop().catch(String);
  if (code === 0) part.pass("stops in order, exit code 0");
  else part.fail(`stop: ${code}`);
  await store.close();
  const { passed, failed } = part.result;
  if (failed === 0) rmSync(folder, { recursive: true, force: true });
  else
    say(
      `the product's folder: ${folder}; what it showed last:\n${reelhouse.output().slice(-4000)}`,
    );
  say(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
};

process.exitCode = await main();
