/**
 * The gateway's events on their way to the inventory: durable, in order, at least once.
 *
 * `emit` never waits and never fails the caller: a backup does not depend on it. Lines are written in groups; the
 * inventory knows repeats by their sequence. What a crash takes before it was written is said again at the next start
 * (`describe-again.ts`), because the state itself is on disk.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { EventBody, GatewayEvent } from "@reelhouse/contracts";
import type { Logger } from "@reelhouse/service-kit";
import type { OutboxFile } from "./outbox-file.ts";

/** As many as a delivery may hold (contracts: eventDelivery). */
const eventsPerDeliveryMax = 500;
const retryDelayMsMin = 250;
const retryDelayMsMax = 15_000;

/** A disk that does not take events is asked again after so long. */
const rewriteDelayMs = 1000;

export interface OutboxOptions {
  readonly file: OutboxFile;
  readonly logger: Logger;
  /** Delivers a batch and answers through which sequence the inventory has stored all. */
  readonly deliver: (
    outboxId: string,
    events: readonly GatewayEvent[],
    signal: AbortSignal,
  ) => Promise<number>;
  readonly now: () => Date;
  /** Emits everything there is to tell: called after the inventory lost what it had, or we lost what we had told. */
  readonly describeAll: () => Promise<void>;
}

export class Outbox {
  readonly #file: OutboxFile;
  readonly #options: OutboxOptions;
  readonly #stop = new AbortController();
  readonly #unwritten: GatewayEvent[] = [];
  #sequence: number;
  #writing: Promise<void> | undefined;
  #wake: (() => void) | undefined;
  readonly #running: Promise<void>;

  constructor(options: OutboxOptions) {
    this.#file = options.file;
    this.#options = options;
    this.#sequence = options.file.lastSequence;
    this.#running = this.#run().catch((error: unknown) => {
      // The disk of the outbox itself failed: backups go on, and the next start tells everything again.
      options.logger.error(
        { event: "outbox.stopped", error: String(error) },
        "events cannot be delivered until the next start",
      );
    });
  }

  emit(body: EventBody): void {
    const at = this.#options.now().toISOString();
    this.#unwritten.push({ sequence: ++this.#sequence, at, body });
    void this.flush();
  }

  /** All that was emitted so far is on stable storage. */
  flush(): Promise<void> {
    return (this.#writing ??= this.#writeAll().finally(() => (this.#writing = undefined)));
  }

  /** Events the inventory does not have yet. */
  get pendingCount(): number {
    return this.#sequence - this.#file.acceptedThrough;
  }

  async close(): Promise<void> {
    await this.flush();
    this.#stop.abort();
    this.#wake?.();
    await this.#running;
    await this.#file.close();
  }

  async #writeAll(): Promise<void> {
    while (this.#unwritten.length > 0) {
      const group = this.#unwritten.splice(0);
      try {
        await this.#file.append(group);
      } catch (error) {
        // Nothing is lost: the group waits, in order, for a disk that has room again.
        this.#unwritten.unshift(...group);
        this.#options.logger.error(
          { event: "outbox.write-failed", error: String(error) },
          "cannot write events; trying again",
        );
        await this.#pause(rewriteDelayMs);
        if (this.#stopped) return;
      }
    }
    this.#wake?.();
  }

  async #run(): Promise<void> {
    let retryDelayMs = retryDelayMsMin;
    while (!this.#stopped) {
      const events = await this.#file.read(this.#file.acceptedThrough, eventsPerDeliveryMax);
      if (events.length === 0) {
        await this.#newEvents();
        continue;
      }
      try {
        await this.#deliver(events);
        retryDelayMs = retryDelayMsMin;
      } catch (error) {
        if (this.#stopped) return;
        this.#options.logger.warn(
          { event: "outbox.delivery-failed", error: String(error), retryDelayMs },
          "the inventory does not take events; keeping them",
        );
        await this.#pause(retryDelayMs);
        retryDelayMs = Math.min(retryDelayMs * 2, retryDelayMsMax);
      }
    }
  }

  async #deliver(events: readonly GatewayEvent[]): Promise<void> {
    const { outboxId } = this.#file;
    const answered = await this.#options.deliver(outboxId, events, this.#stop.signal);
    const first = events[0]?.sequence ?? 0;
    if (answered >= first && answered <= this.#sequence) await this.#file.accept(answered);
    else if (answered < first - 1 || answered > this.#sequence) await this.#beginAnew(answered);
    else throw new Error("the inventory took none of the events");
  }

  /** The two sides disagree on what was told: begin a new count and tell all again. */
  async #beginAnew(answered: number): Promise<void> {
    const { acceptedThrough, lastSequence } = this.#file;
    this.#options.logger.warn(
      { event: "outbox.begin-anew", answered, acceptedThrough, lastSequence },
      "the inventory's count is not ours (one of us was restored or is new): telling it everything again",
    );
    await this.#writing;
    this.#unwritten.length = 0;
    await this.#file.renew();
    this.#sequence = 0;
    await this.#options.describeAll();
  }

  #newEvents(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      if (this.#stopped || this.#file.lastSequence > this.#file.acceptedThrough) resolve();
    });
  }

  get #stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Waits, unless the outbox is closed meanwhile. */
  #pause(delayMs: number): Promise<void> {
    const { signal } = this.#stop;
    return delay(delayMs, undefined, { signal }).catch(() => undefined);
  }
}
