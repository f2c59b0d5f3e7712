/** Hosts that behave, while others do not: one writes and reads, another logs in again and again. */
import { pause, type Reelhouse, type Tape } from "@reelhouse/testing";
import { noise } from "../src/random.ts";

const BLOCK_BYTES = 65_536;
const LOGIN_EVERY_MS = 500;
/** open-iscsi goes on for 8 × 15 seconds. */
const LOGIN_TRIED_FOR_MS = 30_000;

export interface Latencies {
  readonly count: number;
  readonly medianMs: number;
  readonly slowestMs: number;
}

/** What was done since the last look, and what went wrong. */
export interface Honest {
  readonly faults: readonly string[];
  /** Of a block written, gone back over and read. */
  takeRounds(): Latencies;
  /** Of a login to another drive and the logout. */
  takeLogins(): Latencies;
  stop(): Promise<void>;
}

const latencies = (samples: number[]): Latencies => {
  const sorted = samples.splice(0).toSorted((one, other) => one - other);
  return {
    count: sorted.length,
    medianMs: sorted[Math.floor(sorted.length / 2)] ?? 0,
    slowestMs: sorted.at(-1) ?? 0,
  };
};

/** As initiators do: a login that finds no place is tried again. */
const untilIn = async (login: () => Promise<Tape>): Promise<Tape> => {
  const begunMs = performance.now();
  for (;;)
    try {
      return await login();
    } catch (error) {
      if (performance.now() - begunMs > LOGIN_TRIED_FOR_MS) throw error;
      await pause(LOGIN_EVERY_MS);
    }
};

/** `tape` has a cartridge, and a session that must not break. */
export const startHonest = (reelhouse: Reelhouse, tape: Tape): Honest => {
  const rounds: number[] = [];
  const logins: number[] = [];
  const faults: string[] = [];
  const life = { goes: true };
  const timed = async (samples: number[], what: string, work: () => Promise<void>) => {
    const begunMs = performance.now();
    try {
      await work();
      samples.push(performance.now() - begunMs);
    } catch (error) {
      faults.push(`${what} after ${Math.round(performance.now() - begunMs)} ms: ${String(error)}`);
      await pause(LOGIN_EVERY_MS);
    }
  };
  const worker = async () => {
    for (let number = 0; life.goes; number += 1)
      await timed(rounds, "a round", async () => {
        const block = noise(`honest ${number}`, BLOCK_BYTES);
        await tape.write(block);
        await tape.space("blocks", -1);
        const read = await tape.read(BLOCK_BYTES);
        if (read.kind !== "block" || !read.data.equals(block))
          faults.push(`block ${number} differs`);
      });
  };
  const newcomer = async () => {
    for (; life.goes; await pause(LOGIN_EVERY_MS))
      await timed(logins, "a login", async () => {
        const initiatorName = "iqn.2026-11.org.example:newcomer";
        const { session } = await untilIn(() => reelhouse.openDrive(3, { initiatorName }));
        await session.logout();
      });
  };
  const both = Promise.all([worker(), newcomer()]);
  return {
    faults,
    takeRounds: () => latencies(rounds),
    takeLogins: () => latencies(logins),
    async stop() {
      life.goes = false;
      await both;
    },
  };
};
