/**
 * The listening side: what became of jobs, whoever worked them. An event can be missed (the queue was away, the
 * listener was down): offering the job again hands out the kept result.
 */
import type { Logger } from "../logger.ts";
import type { BackendEvents, QueueBackend } from "./backend.ts";
import { splitQueueJobId, type JobDefinition } from "./job.ts";
import { keepOpen } from "./keeper.ts";

export interface JobEvents {
  /** A job of that definition is done; its result has the definition's shape. */
  onCompleted<Payload, Result>(
    job: JobDefinition<Payload, Result>,
    listener: (id: string, result: Result) => void,
  ): void;
  /** A job failed for good; the reason begins with the code of the PermanentJobError. */
  onFailed(job: { readonly name: string }, listener: (id: string, reason: string) => void): void;
  ready(timeoutMs: number): Promise<void>;
  close(): Promise<void>;
}

type Listener = (id: string, value: unknown) => void;

export const createEvents = (backend: QueueBackend, name: string, logger: Logger): JobEvents => {
  const completed = new Map<string, Listener[]>();
  const failed = new Map<string, Listener[]>();
  const tell = (listeners: ReadonlyMap<string, Listener[]>, jobId: string, value: unknown) => {
    const split = splitQueueJobId(jobId);
    if (split === null) return;
    for (const listener of listeners.get(split.name) ?? []) listener(split.id, value);
  };
  const add = (listeners: Map<string, Listener[]>, job: string, listener: Listener) => {
    listeners.set(job, [...(listeners.get(job) ?? []), listener]);
  };
  const listenTo = (events: BackendEvents): Promise<void> => {
    events.on("completed", ({ jobId, returnvalue }) => tell(completed, jobId, returnvalue));
    events.on("failed", ({ jobId, failedReason }) => tell(failed, jobId, failedReason));
    return events.run();
  };
  const keeper = keepOpen(`events of queue ${name}`, () => backend.events(name), logger, listenTo);
  return {
    onCompleted: (job, listener) => {
      add(completed, job.name, (id, value) => {
        const result = job.result.safeParse(value);
        if (result.success) listener(id, result.data);
        else
          logger.error(
            { event: "job-result-invalid", job: job.name, id, err: result.error },
            "a job's result has another shape",
          );
      });
    },
    onFailed: (job, listener) => add(failed, job.name, (id, value) => listener(id, String(value))),
    ready: async (timeoutMs) => {
      await keeper.ready(timeoutMs);
    },
    close: () => keeper.close(),
  };
};
