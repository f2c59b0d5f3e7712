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
import { createInTurn } from "../in-turn.ts";
import type { Happening, OutboxFile } from "./outbox-file.ts";

/** As many as a delivery may hold (contracts: eventDelivery). */
const eventsPerDeliveryMax = 500;

/** Written with one sync; keeps what is made into text at once, and a file past its size, small. */
const eventsPerWriteMax = 500;

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

/**
 * What the inventory is owed besides the events at hand. `renew` → `describe` → `nothing`; a description that failed is
 * left to the next start (`nextStart`), since repeating it would fill the outbox with its first part.
 */
type Owed = "nothing" | "renew" | "describe" | "nextStart";

export class Outbox {
  readonly #file: OutboxFile;
  readonly #options: OutboxOptions;
  readonly #stop = new AbortController();
  /** Writing and beginning anew: what is emitted meanwhile waits without a number. */
  readonly #inTurn = createInTurn();
  readonly #unwritten: Happening[] = [];
  /** A write that is queued and not begun: it will take all that was emitted. */
  #nextWrite: Promise<void> | undefined;
  #wake: (() => void) | undefined;
  #owed: Owed = "nothing";
  /** The last event of an earlier run until the inventory was asked how far it has them: it cannot have a later one. */
  #unasked: number | undefined;
  readonly #running: Promise<void>;

  constructor(options: OutboxOptions) {
    this.#file = options.file;
    this.#options = options;
    if (options.file.lastSequence > 0) this.#unasked = options.file.lastSequence;
    if (options.file.wasDamaged) {
      this.#owed = "describe";
      options.logger.error(
        { event: "outbox.damaged" },
        "the events on disk were damaged; telling the inventory everything again",
      );
    }
    // Not at once: what it calls may need the outbox that is being made here.
    this.#running = Promise.resolve().then(() => this.#run());
  }

  emit(body: EventBody): void {
    this.#unwritten.push({ at: this.#options.now().toISOString(), body });
    if (!this.#stopped) void this.flush();
  }

  /** All that was emitted so far is on stable storage, or the outbox was closed. */
  flush(): Promise<void> {
    return (this.#nextWrite ??= this.#inTurn(() => {
      this.#nextWrite = undefined;
      return this.#writeAll();
    }));
  }

  /** Events the inventory does not have yet. */
  get pendingCount(): number {
    return this.#unwritten.length + this.#file.lastSequence - this.#file.acceptedThrough;
  }

  /** Answers whether all is on disk; if not, everything must be told at the next start. A full disk does not hold it up. */
  async close(): Promise<boolean> {
    this.#stop.abort();
    this.#wake?.();
    await this.#running;
    await this.flush();
    await this.#inTurn(() => this.#file.close());
    return this.#unwritten.length === 0 && this.#owed === "nothing";
  }

  /** Tries for ever, once the outbox is closed only until it fails. */
  async #writeAll(): Promise<void> {
    while (this.#unwritten.length > 0) {
      const group = this.#unwritten.slice(0, eventsPerWriteMax);
      try {
        await this.#file.append(group);
        this.#unwritten.splice(0, group.length);
        this.#wake?.();
      } catch (error) {
        // Nothing is lost: the group waits, in order, for a disk that has room again.
        this.#options.logger.error(
          { event: "outbox.write-failed", error: String(error) },
          "cannot write events; trying again",
        );
        if (this.#stopped) return;
        await this.#pause(rewriteDelayMs);
      }
    }
  }

  async #run(): Promise<void> {
    let retryDelayMs = retryDelayMsMin;
    while (!this.#stopped) {
      try {
        await this.#step();
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

  async #step(): Promise<void> {
    if (this.#owed === "renew") await this.#renew();
    if (this.#owed === "describe") await this.#describe();
    if (this.#unasked !== undefined) return this.#ask(this.#unasked);
    const { acceptedThrough, lastSequence } = this.#file;
    if (lastSequence === acceptedThrough) return this.#newEvents();
    const events = await this.#file.read(acceptedThrough, eventsPerDeliveryMax);
    if (events.length > 0) return this.#deliver(events);
    this.#beginAnew("the disk lost events that were not delivered yet", {});
  }

  /**
   * Before this run's first event is told: on a disk that was put back from a backup the numbers go on where the backup
   * ended, and the inventory, which has other events under them, would take the first ones for repeats.
   */
  async #ask(lastSequence: number): Promise<void> {
    const { outboxId, acceptedThrough } = this.#file;
    const answered = await this.#options.deliver(outboxId, [], this.#stop.signal);
    this.#unasked = undefined;
    if (answered < acceptedThrough || answered > lastSequence) this.#beginAnewFor(answered);
  }

  async #deliver(events: readonly GatewayEvent[]): Promise<void> {
    const { outboxId } = this.#file;
    const answered = await this.#options.deliver(outboxId, events, this.#stop.signal);
    const first = events[0]?.sequence ?? 0;
    const { lastSequence } = this.#file;
    if (answered >= first && answered <= lastSequence) await this.#file.accept(answered);
    else if (answered < first - 1 || answered > lastSequence) this.#beginAnewFor(answered);
    else throw new Error("the inventory took none of the events");
  }

  #beginAnewFor(answered: number): void {
    const why = "the inventory's count is not ours (one of us was restored or is new)";
    this.#beginAnew(why, { answered });
  }

  /** The next step begins a new count and tells all again. */
  #beginAnew(why: string, details: { readonly answered?: number }): void {
    const { acceptedThrough, lastSequence } = this.#file;
    this.#options.logger.warn(
      { event: "outbox.begin-anew", ...details, acceptedThrough, lastSequence },
      `${why}: telling it everything again`,
    );
    this.#owed = "renew";
  }

  /** What was emitted before is covered by the description to come; what is emitted during it counts from 1. */
  #renew(): Promise<void> {
    return this.#inTurn(async () => {
      const coveredCount = this.#unwritten.length;
      await this.#file.renew();
      this.#unwritten.splice(0, coveredCount);
      this.#owed = "describe";
    });
  }

  async #describe(): Promise<void> {
    try {
      await this.#options.describeAll();
      this.#owed = "nothing";
    } catch (error) {
      this.#owed = "nextStart";
      this.#options.logger.error(
        { event: "outbox.describe-failed", error: String(error) },
        "the inventory could not be told everything; it will be at the next start",
      );
    }
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
