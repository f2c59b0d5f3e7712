/** What a handler of a gateway's event gets, and the shape of the table they stand in. */
import type { EventBody } from "@reelhouse/contracts";
import type { Transaction } from "../database.ts";

export type EventType = EventBody["type"];
export type EventOf<T extends EventType> = { [K in T]: Extract<EventBody, { type: K }> }[T];

export interface EventContext {
  /** The transaction of the whole delivery. */
  readonly transaction: Transaction;
  readonly gateway: string;
  readonly outboxId: string;
  readonly sequence: bigint;
  /** When it happened, by the gateway's clock. Handlers take no other time, so that a repeat gives the same row. */
  readonly at: Date;
  /** Says that the event does not fit what the catalogue knew. It is applied as far as it can be: the gateway is right. */
  surprise(what: string, details: Readonly<Record<string, unknown>>): void;
}

/** Applies one event. It must not fail for what the gateway says, only for the database: a failure holds up all that follows. */
export type EventHandler<T extends EventType> = (
  context: EventContext,
  body: EventOf<T>,
) => Promise<void>;
