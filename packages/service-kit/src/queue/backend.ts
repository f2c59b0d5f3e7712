/** The only place that knows which of BullMQ's backends is in use: one URL decides, Postgres or Redis. */
import {
  createPostgresBackend,
  Queue,
  QueueEvents,
  Worker,
  type PostgresPoolConfig,
  type Processor,
  type WorkerOptions,
} from "bullmq";
import { Redis } from "ioredis";
import { refuseEvictingRedis } from "./redis-policy.ts";

export const QUEUE_KINDS = ["postgres", "redis"] as const;
export type QueueKind = (typeof QUEUE_KINDS)[number];

const postgresSchema = "bullmq";
const connectTimeoutMs = 3000;

/** What is used of BullMQ's classes: their full types differ with the backend. */
export type BackendQueue = Pick<
  Queue,
  "add" | "getJob" | "getJobCounts" | "waitUntilReady" | "close"
> & { on(event: "error", listener: (error: Error) => void): unknown };
export type BackendWorker = Pick<Worker, "run" | "isRunning" | "waitUntilReady" | "close"> & {
  on(event: "error", listener: (error: Error) => void): unknown;
};
export type BackendEvents = Pick<QueueEvents, "run" | "waitUntilReady" | "close"> & {
  on(event: "error", listener: (error: Error) => void): unknown;
  on(
    event: "completed",
    listener: (args: { jobId: string; returnvalue: unknown }) => void,
  ): unknown;
  on(event: "failed", listener: (args: { jobId: string; failedReason: string }) => void): unknown;
};

/** A BullMQ object with what it stands on; closing it closes both. */
export interface Opened<Thing> {
  readonly thing: Thing;
  /** Rejects when the server behind it, reached, is not fit for a queue. */
  fit?(): Promise<void>;
  close(): Promise<void>;
}

export interface QueueBackend {
  readonly kind: QueueKind;
  queue(name: string): Opened<BackendQueue>;
  worker(
    name: string,
    processor: Processor,
    options: Omit<WorkerOptions, "connection">,
  ): Opened<BackendWorker>;
  events(name: string): Opened<BackendEvents>;
}

const ignore = () => undefined;

const opened = <Thing extends { close(): Promise<void> }>(thing: Thing): Opened<Thing> => ({
  thing,
  close: () => thing.close(),
});

const postgresBackend = (url: string): QueueBackend => {
  const connection = (max: number): PostgresPoolConfig => ({
    connectionString: url,
    schema: postgresSchema,
    migrate: true,
    max,
    connectionTimeoutMillis: connectTimeoutMs,
  });
  return {
    kind: "postgres",
    queue: (name) => opened(new Queue(name, { connection: connection(2) }, createPostgresBackend)),
    worker: (name, processor, options) =>
      opened(
        new Worker(
          name,
          processor,
          { ...options, connection: connection(4) },
          createPostgresBackend,
        ),
      ),
    events: (name) =>
      opened(
        new QueueEvents(name, { autorun: false, connection: connection(2) }, createPostgresBackend),
      ),
  };
};

const redisBackend = (url: string): QueueBackend => {
  /** `patient`: commands wait for a connection that is away, as BullMQ's blocking readers need; else they fail. */
  const open = <Thing extends { close(): Promise<void> }>(
    patient: boolean,
    make: (connection: Redis) => Thing,
  ): Opened<Thing> => {
    const redis = new Redis(url, {
      connectTimeout: connectTimeoutMs,
      ...(patient ? { maxRetriesPerRequest: null } : { maxRetriesPerRequest: 1 }),
    });
    // Also reported through the BullMQ object; without a listener here ioredis prints to the console.
    redis.on("error", ignore);
    const thing = make(redis);
    return {
      thing,
      fit: () => refuseEvictingRedis(redis),
      close: async () => {
        try {
          await thing.close();
        } finally {
          redis.disconnect();
        }
      },
    };
  };
  return {
    kind: "redis",
    queue: (name) => open(false, (connection) => new Queue(name, { connection })),
    worker: (name, processor, options) =>
      open(true, (connection) => new Worker(name, processor, { ...options, connection })),
    events: (name) =>
      open(true, (connection) => new QueueEvents(name, { autorun: false, connection })),
  };
};

export const queueBackend = (url: string): QueueBackend =>
  new URL(url).protocol.startsWith("postgres") ? postgresBackend(url) : redisBackend(url);
