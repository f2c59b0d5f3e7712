/**
 * A service's life: named phases start in order and stop in the opposite order, each within its time.
 *
 *   idle ── run() ──▶ starting ──▶ running ── signal | parent gone | stop() ──▶ stopping ──▶ exit 0
 *                        │ a phase fails              second signal ──▶ exit 1     │ a phase fails or is late
 *                        └───────────▶ stopping ──▶ exit 1                         └──▶ the others stop, exit 1
 *
 * An exception nobody caught, or a promise nobody awaited, is a broken invariant: log, exit 1, be started again.
 */
import { ConfigError } from "./config.ts";
import type { Logger } from "./logger.ts";

export interface Phase {
  readonly name: string;
  start?(): unknown;
  stop?(): unknown;
  readonly startTimeoutMs?: number;
  readonly stopTimeoutMs?: number;
}

/** What of `process` a lifecycle needs; another in tests. */
export interface HostProcess {
  on(event: string, listener: (value: unknown) => void): unknown;
  exit(code: number): void;
}

export interface Lifecycle {
  /** Adds a phase; only before run(). */
  phase(phase: Phase): void;
  /** Starts everything; resolves when all runs. A failed start stops what had started and exits 1. */
  run(): Promise<void>;
  /** Stops everything and exits. Resolves when that is done (in tests exit() comes back). */
  stop(reason: string): Promise<void>;
}

const startTimeoutMs = 30_000;
/** Ten seconds is what container runtimes give between SIGTERM and SIGKILL. */
const stopTimeoutMs = 8_000;

const within = async (work: () => unknown, limitMs: number, what: string): Promise<void> => {
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`${what} took longer than ${limitMs} ms`)),
    limitMs,
  );
  try {
    await Promise.race([Promise.resolve().then(work), timeout]);
  } finally {
    clearTimeout(timer);
  }
};

/** A fault of configuration is for the operator: its text, no stack. */
export const logFatal = (logger: Logger, error: unknown, event: string): void => {
  if (error instanceof ConfigError) logger.fatal({ event, faults: error.faults }, error.message);
  else logger.fatal({ event, err: error }, error instanceof Error ? error.message : String(error));
};

/** Stops phases from the last to the first; says whether all did. One that fails or is late does not keep the others. */
const stopPhases = async (started: Phase[], logger: Logger): Promise<boolean> => {
  let clean = true;
  for (let phase = started.pop(); phase !== undefined; phase = started.pop()) {
    const current = phase;
    try {
      const limitMs = current.stopTimeoutMs ?? stopTimeoutMs;
      await within(() => current.stop?.(), limitMs, `stopping ${current.name}`);
      logger.debug({ event: "phase-stopped", phase: current.name });
    } catch (error) {
      clean = false;
      const line = { event: "phase-stop-failed", phase: current.name, err: error };
      logger.error(line, `could not stop ${current.name}`);
    }
  }
  return clean;
};

const startPhase = async (phase: Phase, logger: Logger): Promise<void> => {
  const begun = performance.now();
  const limitMs = phase.startTimeoutMs ?? startTimeoutMs;
  await within(() => phase.start?.(), limitMs, `starting ${phase.name}`);
  const milliseconds = Math.round(performance.now() - begun);
  logger.debug({ event: "phase-started", phase: phase.name, milliseconds });
};

export const createLifecycle = ({
  logger,
  host = process,
}: {
  logger: Logger;
  host?: HostProcess;
}): Lifecycle => {
  const phases: Phase[] = [];
  const started: Phase[] = [];
  let stopping: Promise<void> | null = null;
  let startFailed = false;

  const stop = (reason: string): Promise<void> => {
    stopping ??= (async () => {
      logger.info({ event: "stopping", reason }, `stopping: ${reason}`);
      const clean = (await stopPhases(started, logger)) && !startFailed;
      logger.info({ event: "stopped", clean }, "stopped");
      host.exit(clean ? 0 : 1);
    })();
    return stopping;
  };
  const onSignal = (signal: string) => {
    if (stopping === null) void stop(signal);
    else {
      logger.warn({ event: "forced", signal }, "second signal: leaving at once");
      host.exit(1);
    }
  };
  const die = (error: unknown) => {
    logFatal(logger, error, "uncaught");
    host.exit(1);
  };

  return {
    phase: (phase) => void phases.push(phase),
    stop,
    run: async () => {
      for (const signal of ["SIGTERM", "SIGINT"]) host.on(signal, () => onSignal(signal));
      for (const event of ["uncaughtException", "unhandledRejection"]) host.on(event, die);
      for (const phase of phases) {
        if (stopping !== null) return;
        started.push(phase);
        try {
          await startPhase(phase, logger);
        } catch (error) {
          // A stop in the middle of a start makes starts fail; that is no fault.
          if (stopping !== null) return;
          startFailed = true;
          logFatal(logger, error, "phase-start-failed");
          await stop(`${phase.name} did not start`);
        }
      }
    },
  };
};
