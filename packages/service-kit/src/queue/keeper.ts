/**
 * Keeps one BullMQ object open. BullMQ holds on to a connection it has had, but one that could not be made at first,
 * or whose reading loop ended, stays dead: that is thrown away here and made anew, until close().
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "../logger.ts";
import type { Opened } from "./backend.ts";

const pauseMsFirst = 250;
const pauseMsMax = 5000;
const readyTimeoutMs = 10_000;
/** A queue that is there closes in milliseconds; one that is away must not hold a stopping service up. */
const closeTimeoutMs = 2000;
const closeAwayTimeoutMs = 100;

interface Readyable {
  waitUntilReady(): Promise<unknown>;
  on(event: "error", listener: (error: Error) => void): unknown;
}

export interface Keeper<Thing> {
  /** The open object, or null while there is none. */
  current(): Thing | null;
  /** Resolves with the object once there is one; rejects after `timeoutMs`. */
  ready(timeoutMs: number): Promise<Thing>;
  /** `beforeClose` runs on the open object, if there is one. */
  close(beforeClose?: (thing: Thing) => Promise<void>): Promise<void>;
}

/** What the queue could not do in time. Nothing is lost by it: whoever offers, offers again. */
export class QueueUnavailableError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "QueueUnavailableError";
  }
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** `work` or a rejection after `limitMs`; what comes later is ignored. */
export const withinMs = async <Value>(
  work: Promise<Value>,
  limitMs: number,
  what: string,
): Promise<Value> => {
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new QueueUnavailableError(`${what}: no answer within ${limitMs} ms`)),
    limitMs,
  );
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * `open` makes the object; `run`, if given, is its reading loop, which resolves when the object was closed and rejects
 * when it must be made anew.
 */
export const keepOpen = <Thing extends Readyable>(
  what: string,
  open: () => Opened<Thing>,
  logger: Logger,
  run?: (thing: Thing) => Promise<unknown>,
): Keeper<Thing> => {
  const stopped = new AbortController();
  const { promise: whenStopped, resolve: resolveStopped } = Promise.withResolvers<void>();
  let opened: Opened<Thing> | null = null;
  let live: Thing | null = null;
  let waiting = Promise.withResolvers<Thing>();

  const attempt = async () => {
    opened = open();
    const { thing } = opened;
    thing.on("error", (error) => {
      if (!stopped.signal.aborted)
        logger.warn({ event: "queue-error", what, reason: error.message }, `${what} has an error`);
    });
    await withinMs(thing.waitUntilReady(), readyTimeoutMs, `${what} connecting`);
    await withinMs(opened.fit?.() ?? Promise.resolve(), readyTimeoutMs, `${what} being looked at`);
    live = thing;
    waiting.resolve(thing);
    logger.debug({ event: "queue-open", what });
    await (run === undefined ? whenStopped : run(thing));
  };

  const discard = async () => {
    // Who waits for the first object goes on waiting; only a promise that was kept is replaced.
    if (live !== null) waiting = Promise.withResolvers<Thing>();
    live = null;
    // A pool that never connected may not close in time; it is left to the collector then.
    await withinMs(opened?.close() ?? Promise.resolve(), readyTimeoutMs, `${what} closing`).catch(
      () => undefined,
    );
  };

  const keep = async () => {
    for (
      let pauseMs = pauseMsFirst;
      !stopped.signal.aborted;
      pauseMs = Math.min(pauseMsMax, pauseMs * 2)
    ) {
      try {
        await attempt();
        if (stopped.signal.aborted) return;
      } catch (error) {
        if (stopped.signal.aborted) return;
        logger.warn(
          { event: "queue-away", what, pauseMs, reason: reasonOf(error) },
          `${what} is away`,
        );
      }
      if (live !== null) pauseMs = pauseMsFirst;
      await discard();
      await sleep(pauseMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  };
  const kept = keep();

  return {
    current: () => live,
    ready: (timeoutMs) => withinMs(waiting.promise, timeoutMs, what),
    close: async (beforeClose) => {
      const limitMs = live === null ? closeAwayTimeoutMs : closeTimeoutMs;
      if (live !== null) await beforeClose?.(live);
      stopped.abort();
      resolveStopped();
      await withinMs(opened?.close() ?? Promise.resolve(), limitMs, `${what} closing`).catch(
        (error: unknown) =>
          logger.warn({ event: "queue-close-failed", what, err: error }, `${what} did not close`),
      );
      await withinMs(kept, limitMs, `${what} ending`).catch(() => undefined);
    },
  };
};
