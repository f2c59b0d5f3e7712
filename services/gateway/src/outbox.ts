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
  /** Emits everything there is to tell: called after the inventory lost what it had, or we lost what we had told. */
  describeAll(): Promise<void>;
}

export function createOutbox({ file, logger, deliver, now, describeAll }: OutboxOptions): Outbox {
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

  /** The two sides disagree on what was told: begin a new count and tell all again. */
  const beginAnew = async (answered: number): Promise<void> => {
    const { acceptedThrough, lastSequence } = file;
    logger.warn(
      { event: "outbox.begin-anew", answered, acceptedThrough, lastSequence },
      "the inventory's count is not ours (one of us was restored or is new): telling it everything again",
    );
    await writing;
    unwritten.length = 0;
    await file.renew();
    sequence = 0;
    await describeAll();
  };

  const deliverNext = async (events: readonly GatewayEvent[]): Promise<void> => {
    const answered = await deliver(file.outboxId, events, stop.signal);
    const first = events[0]?.sequence ?? 0;
    if (answered >= first && answered <= sequence) await file.accept(answered);
    else if (answered < first - 1 || answered > sequence) await beginAnew(answered);
    else throw new Error("the inventory took none of the events");
  };

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
        await deliverNext(events);
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
  const running = run().catch((error: unknown) => {
    // The disk of the outbox itself failed: backups go on, and the next start tells everything again.
    logger.error(
      { event: "outbox.stopped", error: String(error) },
      "events cannot be delivered until the next start",
    );
  });

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
