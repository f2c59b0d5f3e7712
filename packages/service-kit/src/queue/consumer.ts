/** The working side: takes jobs of one queue, checks what goes in and out, retries by retry.ts. */
import { UnrecoverableError, type Job, type Processor } from "bullmq";
import type { Logger } from "../logger.ts";
import type { BackendWorker, Opened, QueueBackend } from "./backend.ts";
import { PermanentJobError, splitQueueJobId, type JobHandler } from "./job.ts";
import { keepOpen } from "./keeper.ts";
import { retryDelayMs } from "./retry.ts";

export interface JobWorker {
  /** Takes no more jobs, lets those under way finish for `drainMs`, then aborts them (another worker has them again). */
  close(drainMs?: number): Promise<void>;
  /** Is it connected? A readiness check. */
  ready(): boolean;
}

export interface WorkerOptions {
  readonly concurrency: number;
}

const drainMsDefault = 5000;
/** After an abort, how long a handler may take to notice. */
const abortMs = 1000;
/** A worker that died is noticed after this, and its job taken by another. */
const lockMs = 10_000;
/** Between two tries to take jobs from a queue that is away. */
const reconnectMs = 2000;

const processor = (
  handlers: ReadonlyMap<string, JobHandler>,
  logger: Logger,
  signal: AbortSignal,
): Processor => {
  return async (job: Job): Promise<unknown> => {
    const handler = handlers.get(job.name);
    const id = splitQueueJobId(job.id ?? "")?.id;
    if (handler === undefined || id === undefined) {
      throw new UnrecoverableError(`UNKNOWN_JOB: no handler for ${job.name} ${job.id}`);
    }
    const attempt = job.attemptsMade + 1;
    try {
      return await handler.run(job.data, { id, attempt, signal });
    } catch (error) {
      const permanent = error instanceof PermanentJobError;
      const line = { event: "job-failed", job: job.name, id, attempt, permanent, err: error };
      const text = error instanceof Error ? error.message : String(error);
      if (permanent) logger.error(line, `${job.name} ${id} cannot be done: ${text}`);
      else logger.warn(line, `${job.name} ${id} will be tried again: ${text}`);
      // BullMQ knows its own class only; the message carries the code to whoever listens.
      if (permanent) throw new UnrecoverableError(error.message);
      throw error;
    }
  };
};

export const createWorker = (
  backend: QueueBackend,
  name: string,
  handlers: readonly JobHandler[],
  { concurrency }: WorkerOptions,
  logger: Logger,
): JobWorker => {
  const abort = new AbortController();
  const table = new Map(handlers.map((handler) => [handler.name, handler]));
  const open = (): Opened<BackendWorker> =>
    backend.worker(name, processor(table, logger, abort.signal), {
      autorun: false,
      concurrency,
      lockDuration: lockMs,
      stalledInterval: lockMs / 2,
      runRetryDelay: reconnectMs,
      // A job that outlives many workers is still only a job; what kills workers is found in their logs.
      maxStalledCount: 1_000_000,
      settings: { backoffStrategy: (attemptsMade) => retryDelayMs(attemptsMade) },
    });
  const keeper = keepOpen(`worker of queue ${name}`, open, logger, (worker) => worker.run());
  return {
    ready: () => keeper.current()?.isRunning() ?? false,
    close: (drainMs = drainMsDefault) =>
      keeper.close(async (worker) => {
        const timer = setTimeout(() => abort.abort(), drainMs);
        const forced = setTimeout(
          () => void worker.close(true).catch(() => undefined),
          drainMs + abortMs,
        );
        // A queue that is away may never let go; the forced close below the keeper's own limit covers that.
        await Promise.race([
          worker.close().catch(() => undefined),
          new Promise((resolve) => setTimeout(resolve, drainMs + 2 * abortMs).unref()),
        ]);
        clearTimeout(timer);
        clearTimeout(forced);
      }),
  };
};
