/** Test only: the thread in which conversations are held, so that one that hangs can be told and ended. */
import assert from "node:assert/strict";
import { parentPort, workerData } from "node:worker_threads";
import { runSlice } from "../src/fuzz/slice.ts";

export interface Work {
  readonly seed: number;
  readonly pdus: number;
  /** [0]: the seed of the conversation under way; [1]: how many were begun. */
  readonly progress: Int32Array;
}

assert(parentPort !== null, "this is a worker's program");
// The thread that started us put a Work there.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const { seed, pdus, progress } = workerData as Work;
const slice = await runSlice({
  seed,
  pdus,
  begin(current) {
    Atomics.store(progress, 0, current | 0);
    Atomics.add(progress, 1, 1);
  },
});
// A thread's port, not a window's: there are no origins here.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
parentPort.postMessage(slice);
