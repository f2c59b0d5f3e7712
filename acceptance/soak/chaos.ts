/** What goes wrong in the soak: services killed or stopped, and a store that is overloaded, gone, slow or cut off. */
import type { Faults, FaultKind } from "@reelhouse/cloud-emulator";
import { pause, type Reelhouse } from "@reelhouse/testing";
import { say } from "../report.ts";
import type { Random } from "../src/random.ts";

/**
 * Postgres holds catalogue and queue: without it the gateway goes on alone. SIGINT cuts its clients off; SIGTERM would make it
 * wait for them for ever, if the launcher let it.
 */
const VICTIMS = {
  gateway: ["SIGKILL", "SIGTERM"],
  uploader: ["SIGKILL", "SIGTERM"],
  inventory: ["SIGKILL", "SIGTERM"],
  postgres: ["SIGKILL", "SIGINT", "SIGTERM"],
} as const;
type Victim = keyof typeof VICTIMS;
const VICTIM_NAMES: readonly Victim[] = ["gateway", "uploader", "inventory", "postgres"];
type Ending = readonly [Victim, NodeJS.Signals];
const ENDINGS: readonly Ending[] = VICTIM_NAMES.flatMap((victim) =>
  VICTIMS[victim].map((signal) => [victim, signal] as const),
);
const FAULTS: readonly FaultKind[] = [
  "slow-down",
  "outage",
  "delay",
  "cut-request",
  "cut-response",
];
const DELAY_MS = 500;
/** The launcher waits longer before each new start of a service that keeps dying; it is not that pause we test. */
const PAUSE_MS = { from: 4000, to: 12_000 } as const;
const FAULT_MS = { from: 2000, to: 10_000 } as const;

export interface Chaos {
  /** How often each way of ending a service was taken: `SIGKILL gateway`. */
  readonly endings: ReadonlyMap<string, number>;
  readonly faultWindows: number;
  /** What is wrong now, for the line of progress. */
  readonly now: string;
  /** Until `done` says so; leaves everything whole. */
  run(done: () => boolean): Promise<void>;
}

export const createChaos = (reelhouse: Reelhouse, faults: Faults, random: Random): Chaos => {
  const endings = new Map<string, number>();
  let faultWindows = 0;
  let now = "nothing";
  const sleep = async (
    range: { readonly from: number; readonly to: number },
    done: () => boolean,
  ) => {
    const end = Date.now() + random.between(range.from, range.to);
    while (Date.now() < end && !done()) await pause(100);
  };
  const pick = <T>(list: readonly T[]): T | undefined => list[random.between(0, list.length)];
  /** Dealt like cards: each way of ending comes once before any comes again. */
  let deck: Ending[] = [];
  const endService = () => {
    if (deck.length === 0) deck = [...ENDINGS];
    const [victim, signal] = deck[random.between(0, deck.length)] ?? ["gateway", "SIGKILL"];
    // One that is being started again is not there to be ended; its card stays.
    if (reelhouse.services()[victim] === undefined) return;
    deck = deck.filter((card) => card[0] !== victim || card[1] !== signal);
    reelhouse.kill(victim, signal);
    const ending = `${signal} ${victim}`;
    endings.set(ending, (endings.get(ending) ?? 0) + 1);
    say(`${" ".repeat(9)}${ending}`);
  };
  const breakStore = async (done: () => boolean) => {
    const kind = pick(FAULTS) ?? "outage";
    faults.set({ kind, ...(kind === "delay" ? { delayMs: DELAY_MS } : {}) });
    faultWindows += 1;
    now = `store: ${kind}`;
    await sleep(FAULT_MS, done);
    faults.clear();
  };
  return {
    endings,
    get faultWindows() {
      return faultWindows;
    },
    get now() {
      return now;
    },
    async run(done) {
      // In turns, so that the shortest soak has both.
      for (let turn = 0; !done(); turn += 1) {
        now = "nothing";
        await sleep(PAUSE_MS, done);
        if (done()) break;
        if (turn % 2 === 0) endService();
        else await breakStore(done);
      }
      faults.clear();
      now = "nothing";
    },
  };
};
