/**
 * The gateway's events on their way to the inventory: durable, in order, at least once.
 *
 * `emit` never waits and never fails the caller: a backup does not depend on it. Lines are written in groups; the
 * inventory knows repeats by their sequence. What a crash takes before it was written is said again at the next start
 * (`describe-again.ts`), because the state itself is on disk.
 */
import type { EventBody, GatewayEvent } from "@reelhouse/contracts";
import type { Logger } from "@reelhouse/service-kit";
import type { OutboxFile } from "./outbox-file.ts";

/** As many as a delivery may hold (contracts: eventDelivery). */
const eventsPerDeliveryMax = 500;
const retryDelayMsMin = 250;
const retryDelayMsMax = 15_000;

export interface Outbox {
  emit(body: EventBody): void;
  /** All that was emitted so far is on stable storage. */
  flush(): Promise<void>;
  /** Events the inventory does not have yet. */
  readonly pendingCount: number;
  close(): Promise<void>;
}

export interface OutboxOptions {
  readonly file: OutboxFile;
  readonly logger: Logger;
  /** Delivers a batch and answers through which sequence the inventory has stored all. */
  deliver(outboxId: string, events: readonly GatewayEvent[], signal: AbortSignal): Promise<number>;
  now(): Date;
}

export function createOutbox({ file, logger, deliver, now }: OutboxOptions): Outbox {
  const unwritten: GatewayEvent[] = [];
  const stop = new AbortController();
  let sequence = file.lastSequence;
  let writing: Promise<void> | undefined;
  let wake: (() => void) | undefined;

  const writeAll = async (): Promise<void> => {
    while (unwritten.length > 0) {
      const group = unwritten.splice(0);
      try {
        await file.append(group);
      } catch (error) {
        // Nothing is lost: the group waits, in order, for a disk that has room again.
        unwritten.unshift(...group);
        logger.error(
          { event: "outbox.write-failed", error: String(error) },
          "cannot write events; trying again",
        );
        await sleep(1000, stop.signal);
        if (stop.signal.aborted) return;
      }
    }
    wake?.();
  };
  const write = (): Promise<void> => (writing ??= writeAll().finally(() => (writing = undefined)));

  const run = async (): Promise<void> => {
    let retryDelayMs = retryDelayMsMin;
    while (!stop.signal.aborted) {
      const events = await file.read(file.acceptedThrough, eventsPerDeliveryMax);
      if (events.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (stop.signal.aborted || file.lastSequence > file.acceptedThrough) resolve();
        });
        continue;
      }
      try {
        await file.accept(await deliver(file.outboxId, events, stop.signal));
        retryDelayMs = retryDelayMsMin;
      } catch (error) {
        if (stop.signal.aborted) return;
        logger.warn(
          { event: "outbox.delivery-failed", error: String(error), retryDelayMs },
          "the inventory does not take events; keeping them",
        );
        await sleep(retryDelayMs, stop.signal);
        retryDelayMs = Math.min(retryDelayMs * 2, retryDelayMsMax);
      }
    }
  };
  const running = run();

  return {
    emit(body) {
      unwritten.push({ sequence: ++sequence, at: now().toISOString(), body });
      void write();
    },
    flush: write,
    get pendingCount() {
      return sequence - file.acceptedThrough;
    },
    async close() {
      await write();
      stop.abort();
      wake?.();
      await running;
      await file.close();
    },
  };
}

function sleep(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, delayMs);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
