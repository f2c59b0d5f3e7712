/**
 * The offering side. A job is a hint (its work is idempotent and can be offered again), so nothing here is precious:
 * an offer that fails or takes too long is simply made again later by whoever has the work.
 *
 * BullMQ keeps finished jobs and ignores another of the same id while they are kept. So that an offer always works:
 *   waiting, delayed, active → nothing to do
 *   completed                → its result is the answer, handed out once; the job is removed
 *   failed                   → removed and added anew
 *   absent                   → added
 */
import type { BackendQueue } from "./backend.ts";
import { queueJobId, type JobDefinition } from "./job.ts";
import { QueueUnavailableError, withinMs, type Keeper } from "./keeper.ts";
import { attemptsMax } from "./retry.ts";

export type Offer<Result> =
  | { readonly state: "offered" | "pending" }
  | { readonly state: "completed"; readonly result: Result };

export interface JobQueue {
  /** Throws QueueUnavailableError when the queue does not answer in time; offer again later. */
  offer<Payload, Result>(
    job: JobDefinition<Payload, Result>,
    id: string,
    payload: Payload,
  ): Promise<Offer<Result>>;
  /** Jobs by state, for metrics. Throws QueueUnavailableError, at once where there is no connection: a scrape waits. */
  counts(): Promise<Readonly<Record<string, number>>>;
  /** Rejects unless the queue is reachable now: a readiness check. */
  ready(): Promise<void>;
}

export const offerTimeoutMsDefault = 5000;
const countsTimeoutMs = 2000;
const daySeconds = 24 * 60 * 60;

/** Results wait a day for a producer that was away; failures a week for a person to look at. */
export const jobOptions = {
  attempts: attemptsMax,
  backoff: { type: "custom" },
  removeOnComplete: { age: daySeconds, count: 10_000 },
  removeOnFail: { age: 7 * daySeconds, count: 10_000 },
} as const;

const offerTo = async <Payload, Result>(
  queue: BackendQueue,
  job: JobDefinition<Payload, Result>,
  id: string,
  payload: Payload,
): Promise<Offer<Result>> => {
  const jobId = queueJobId(job.name, id);
  const known = await queue.getJob(jobId);
  if (known !== undefined) {
    const state = await known.getState();
    if (state !== "completed" && state !== "failed" && state !== "unknown")
      return { state: "pending" };
    // Another producer, or the clean-up, may have been faster.
    await known.remove().catch(() => undefined);
    const result = state === "completed" ? job.result.safeParse(known.returnvalue) : null;
    if (result?.success) return { state: "completed", result: result.data };
  }
  await queue.add(job.name, payload, { ...jobOptions, jobId });
  return { state: "offered" };
};

const unavailable = (error: unknown): Error =>
  error instanceof QueueUnavailableError
    ? error
    : new QueueUnavailableError(
        `the queue failed: ${error instanceof Error ? error.message : String(error)}`,
        error,
      );

export const createProducer = (
  name: string,
  keeper: Keeper<BackendQueue>,
  offerTimeoutMs = offerTimeoutMsDefault,
): JobQueue => {
  const ask = async <Value>(
    question: (queue: BackendQueue) => Promise<Value>,
    what: string,
  ): Promise<Value> => {
    try {
      const work = keeper.ready(offerTimeoutMs).then(question);
      return await withinMs(work, offerTimeoutMs, `queue ${name}, ${what}`);
    } catch (error) {
      throw unavailable(error);
    }
  };
  return {
    offer: (job, id, payload) => ask((queue) => offerTo(queue, job, id, payload), "offer"),
    counts: async () => {
      const queue = keeper.current();
      if (queue === null) throw new QueueUnavailableError(`queue ${name} is away`);
      return await withinMs(queue.getJobCounts(), countsTimeoutMs, `queue ${name}, counts`).catch(
        (error: unknown) => {
          throw unavailable(error);
        },
      );
    },
    ready: async () => {
      await ask((queue) => queue.getJobCounts("active"), "ready");
    },
  };
};
