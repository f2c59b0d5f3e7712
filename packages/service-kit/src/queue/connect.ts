/**
 * The job queue, on Postgres or Redis as the URL says. It may be away at any time, at the start too: nothing here
 * blocks or crashes a service for that, offers fail within their time and workers and listeners come back.
 */
import type { Logger } from "../logger.ts";
import { queueBackend, type QueueKind } from "./backend.ts";
import { createWorker, type JobWorker, type WorkerOptions } from "./consumer.ts";
import type { JobHandler } from "./job.ts";
import { keepOpen } from "./keeper.ts";
import { createEvents, type JobEvents } from "./listener.ts";
import { createProducer, offerTimeoutMsDefault, type JobQueue } from "./producer.ts";

export interface QueueConnection {
  readonly kind: QueueKind;
  queue(name: string): JobQueue;
  worker(name: string, handlers: readonly JobHandler[], options: WorkerOptions): JobWorker;
  events(name: string): JobEvents;
  /** Closes all that was opened through this connection. */
  close(): Promise<void>;
}

/** Opens nothing yet: each part connects, and connects again, by itself. */
export const connectQueue = (
  url: string,
  logger: Logger,
  { offerTimeoutMs = offerTimeoutMsDefault }: { offerTimeoutMs?: number } = {},
): QueueConnection => {
  const backend = queueBackend(url);
  const closers: (() => Promise<void>)[] = [];
  return {
    kind: backend.kind,
    queue: (name) => {
      const keeper = keepOpen(`queue ${name}`, () => backend.queue(name), logger);
      closers.push(() => keeper.close());
      return createProducer(name, keeper, offerTimeoutMs);
    },
    worker: (name, handlers, options) => {
      const worker = createWorker(backend, name, handlers, options, logger);
      closers.push(() => worker.close());
      return worker;
    },
    events: (name) => {
      const events = createEvents(backend, name, logger);
      closers.push(() => events.close());
      return events;
    },
    close: async () => {
      await Promise.all(closers.map((close) => close()));
    },
  };
};
