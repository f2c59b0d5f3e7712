/** For tests: a queue and its events in memory. Nobody works; the test says what becomes of a job. */
import type { JobDefinition, JobEvents, JobQueue, Offer } from "@reelhouse/service-kit";

export interface OfferedJob {
  readonly name: string;
  readonly id: string;
  readonly payload: unknown;
}

type Listener = (id: string, value: unknown) => void;

export class FakeQueue implements Pick<JobQueue, "offer"> {
  /** Every offer that was taken, in order, repeats included. */
  readonly offers: OfferedJob[] = [];
  /** Offers of these ids fail. */
  readonly refused = new Set<string>();
  /** Results of jobs that were done before they were offered, by id; handed out once. */
  readonly results = new Map<string, unknown>();
  readonly #completed = new Map<string, Listener>();
  readonly #failed = new Map<string, Listener>();

  get ids(): readonly string[] {
    return this.offers.map((offer) => offer.id);
  }

  readonly events: Pick<JobEvents, "onCompleted" | "onFailed"> = {
    onCompleted: (job, listener) =>
      void this.#completed.set(job.name, (id, value) => listener(id, job.result.parse(value))),
    onFailed: (job, listener) =>
      void this.#failed.set(job.name, (id, value) => listener(id, String(value))),
  };

  async offer<Payload, Result>(
    job: JobDefinition<Payload, Result>,
    id: string,
    payload: Payload,
  ): Promise<Offer<Result>> {
    if (this.refused.has(id)) throw new Error(`the queue does not take ${id}`);
    this.offers.push({ name: job.name, id, payload: job.payload.parse(payload) });
    const result = this.results.get(id);
    if (result === undefined) return { state: "offered" };
    this.results.delete(id);
    return { state: "completed", result: job.result.parse(result) };
  }

  complete(job: { readonly name: string }, id: string, result: unknown): void {
    this.#completed.get(job.name)?.(id, result);
  }

  fail(job: { readonly name: string }, id: string, reason: string): void {
    this.#failed.get(job.name)?.(id, reason);
  }
}
