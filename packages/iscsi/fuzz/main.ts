/**
 * `npm run fuzz -- [--pdus N] [--seed S]`: conversations of an initiator that breaks the rules, until N PDUs were sent.
 * Ends with 1 when the target threw, hung, broke the RFC, kept what it was lent, or grew. `--corpus N` adds what N
 * conversations show and the corpus lacks.
 */
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { addToCorpus } from "../src/fuzz/corpus.ts";
import type { Slice } from "../src/fuzz/slice.ts";
import type { Work } from "./worker.ts";

/** One worker's share: a slice takes some ten seconds, and begins with empty memory. */
const SLICE_PDUS = 250_000;
/** A conversation takes milliseconds; this is a machine that does nothing else for a while. */
const HANG_MS = 30_000;
/** What one slice may have on its heap: a few conversations' worth, so that a leak of a few bytes a PDU ends it. */
const HEAP_MIB_MAX = 64;
const LOOK_MS = 1000;

const { values } = parseArgs({
  options: {
    pdus: { type: "string", default: "1000000" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
    corpus: { type: "string" },
  },
});
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Runs one slice; a failure is a text of it. */
function runWorker(seed: number, pdus: number): Promise<Slice> {
  const progress = new Int32Array(new SharedArrayBuffer(8));
  const workerData: Work = { seed, pdus, progress };
  const worker = new Worker(new URL("worker.ts", import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB_MAX },
  });
  const at = (): string => `in the conversation of seed ${Atomics.load(progress, 0)}`;
  const lost = (why: string): Slice => ({ pdus: 0, conversations: 0, failure: `${why} ${at()}` });
  return new Promise((resolve) => {
    let begun = -1;
    let stillMs = 0;
    const watch = setInterval(() => {
      const now = Atomics.load(progress, 1);
      stillMs = now === begun ? stillMs + LOOK_MS : 0;
      begun = now;
      if (stillMs >= HANG_MS) settle(lost(`nothing happens for ${HANG_MS} ms`));
    }, LOOK_MS);
    const settle = (slice: Slice): void => {
      clearInterval(watch);
      void worker.terminate();
      resolve(slice);
    };
    worker.once("message", settle);
    // A rejection that nobody handles and a heap that is full end the worker, too.
    worker.once("error", (error: unknown) =>
      settle(lost(error instanceof Error ? (error.stack ?? error.message) : String(error))),
    );
  });
}

async function main(): Promise<number> {
  const wanted = Number(values.pdus);
  let seed = Number(values.seed);
  say(`seed ${seed}, ${wanted} PDUs`);
  const begun = performance.now();
  let pdus = 0;
  let conversations = 0;
  while (pdus < wanted) {
    const slice = await runWorker(seed, Math.min(SLICE_PDUS, wanted - pdus));
    pdus += slice.pdus;
    conversations += slice.conversations;
    seed += slice.conversations;
    if (slice.failure !== undefined) {
      say(`FAILED after ${pdus} PDUs: ${slice.failure}`);
      return 1;
    }
    const seconds = (performance.now() - begun) / 1000;
    const rss = Math.round(process.memoryUsage.rss() / 2 ** 20);
    say(`${pdus} PDUs in ${conversations} conversations, ${seconds.toFixed(0)} s, ${rss} MiB`);
  }
  return 0;
}

if (values.corpus === undefined) process.exitCode = await main();
else say(`${await addToCorpus(Number(values.seed), Number(values.corpus))} added to the corpus`);
