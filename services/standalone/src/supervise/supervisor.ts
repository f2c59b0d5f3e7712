/**
 * Keeps one child running: the first start must succeed, later ends are answered by a new start.
 *
 *   idle ── start() ──▶ starting ──▶ running ── it ends ──▶ waiting ── pause ──▶ starting
 *                          │ fails at first: start() rejects      │ stop()
 *                          ▼                                      ▼
 *                        stopped ◀──────────── stop() ──────── stopped
 *
 * The pause doubles from half a second to ten, and is back at the first after half a minute of quiet.
 */
import { setTimeout as sleep } from "node:timers/promises";

/** One run of something that should run always. */
export interface Run<Report> {
  readonly pid: number;
  readonly ready: Promise<Report>;
  /** Why it ended, for the screen. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

export interface SupervisorOptions<Report> {
  readonly name: string;
  readonly run: () => Promise<Run<Report>> | Run<Report>;
  readonly say: (line: string) => void;
  /** Told the pid of each run, and null at its end. */
  readonly onPid: (pid: number | null) => Promise<void>;
  readonly pauses?: { readonly firstMs: number; readonly maxMs: number; readonly quietMs: number };
}

export interface Supervisor<Report> {
  start(): Promise<Report>;
  stop(): Promise<void>;
}

const pausesDefault = { firstMs: 500, maxMs: 10_000, quietMs: 30_000 };

export const supervise = <Report>({
  name,
  run,
  say,
  onPid,
  pauses = pausesDefault,
}: SupervisorOptions<Report>): Supervisor<Report> => {
  const stopping = new AbortController();
  let current: Run<Report> | null = null;
  let keeping: Promise<void> = Promise.resolve();

  const begin = async (): Promise<{ readonly run: Run<Report>; readonly report: Report }> => {
    const begun = await run();
    current = begun;
    await onPid(begun.pid);
    try {
      return { run: begun, report: await begun.ready };
    } catch (error) {
      await begun.stop();
      await onPid(null);
      current = null;
      throw error;
    }
  };

  const restart = async (why: string, pauseMs: number): Promise<Run<Report> | null> => {
    say(`  ${name} ended (${why}); starting it again in ${(pauseMs / 1000).toFixed(1)} s`);
    await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    if (stopping.signal.aborted) return null;
    const begun = performance.now();
    const { run: again } = await begin();
    say(`  ${name} is back after ${((performance.now() - begun) / 1000).toFixed(1)} s`);
    return again;
  };

  const keep = async (first: Run<Report>) => {
    let pauseMs = pauses.firstMs;
    let since = performance.now();
    for (let running: Run<Report> | null = first; !stopping.signal.aborted;) {
      let why = "did not become ready";
      if (running !== null) {
        why = await running.ended;
        await onPid(null);
        current = null;
        if (performance.now() - since > pauses.quietMs) pauseMs = pauses.firstMs;
      }
      if (stopping.signal.aborted) return;
      try {
        running = await restart(why, pauseMs);
      } catch (error) {
        running = null;
        if (!stopping.signal.aborted)
          say(
            `  ${name}: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`,
          );
      }
      since = performance.now();
      pauseMs = Math.min(pauses.maxMs, pauseMs * 2);
    }
  };

  return {
    start: async () => {
      const { run: first, report } = await begin();
      keeping = keep(first);
      return report;
    },
    stop: async () => {
      stopping.abort();
      await current?.stop();
      await keeping;
    },
  };
};
