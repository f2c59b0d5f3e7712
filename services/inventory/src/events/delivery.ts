/**
 * One delivery of a gateway's events: one transaction, exactly once each, in the order of their numbers.
 *
 *   number ≤ accepted through      → a repeat: passed over
 *   number = accepted through + 1  → applied
 *   number > accepted through + 1  → a gap: this one and all after it are left; the answer says where to go on
 */
import type { EventDelivery } from "@reelhouse/contracts";
import type { Database, Transaction } from "../database.ts";
import { applyEvent } from "./handlers.ts";

export interface DeliveryOutcome {
  readonly acceptedThrough: number;
  /** Of the events delivered: applied now, by type. */
  readonly applied: Readonly<Record<string, number>>;
  readonly repeated: number;
  /** Not applied, because the ones before them are missing. */
  readonly left: number;
  /** The outbox that spoke before, when this one is new: the gateway's disk was replaced, or put back. */
  readonly outboxBefore: string | null;
  /** What did not fit the catalogue. */
  readonly surprises: readonly Surprise[];
}

interface Surprise {
  readonly what: string;
  readonly sequence: number;
  readonly details: Readonly<Record<string, unknown>>;
}

interface Cursor {
  /** Of the gateway's row. */
  readonly outboxBefore: string | null;
  readonly acceptedThrough: number;
}

/** Takes the gateway's row, so that two deliveries of one gateway run one after the other. */
async function lockCursor(
  transaction: Transaction,
  gateway: string,
  outboxId: string,
  at: Date,
): Promise<Cursor> {
  await transaction.$executeRaw`
    INSERT INTO gateways (name, first_seen_at, last_event_at) VALUES (${gateway}, ${at}, ${at})
    ON CONFLICT DO NOTHING`;
  const [row] = await transaction.$queryRaw<{ outbox_id: string | null }[]>`
    SELECT outbox_id FROM gateways WHERE name = ${gateway} FOR UPDATE`;
  const cursor = await transaction.outbox.upsert({
    where: { gateway_outboxId: { gateway, outboxId } },
    create: { gateway, outboxId, acceptedThrough: 0n, firstSeenAt: at },
    update: {},
  });
  return {
    outboxBefore: row?.outbox_id ?? null,
    acceptedThrough: Number(cursor.acceptedThrough),
  };
}

async function saveCursor(
  transaction: Transaction,
  gateway: string,
  outboxId: string,
  acceptedThrough: number,
  at: Date,
): Promise<void> {
  await transaction.outbox.update({
    where: { gateway_outboxId: { gateway, outboxId } },
    data: { acceptedThrough: BigInt(acceptedThrough) },
  });
  await transaction.gateway.update({
    where: { name: gateway },
    data: { outboxId, lastEventAt: at },
  });
}

/** What a delivery without events is answered: nothing is stored of a gateway that only asks. */
async function answerQuestion(
  database: Database,
  gateway: string,
  outboxId: string,
): Promise<DeliveryOutcome> {
  const where = { gateway_outboxId: { gateway, outboxId } };
  const cursor = await database.outbox.findUnique({ where });
  const acceptedThrough = Number(cursor?.acceptedThrough ?? 0n);
  return {
    acceptedThrough,
    applied: {},
    repeated: 0,
    left: 0,
    outboxBefore: null,
    surprises: [],
  };
}

/** Stores what is new of a delivery. Rejects, with nothing stored, only when the database does. */
export async function acceptDelivery(
  database: Database,
  delivery: EventDelivery,
): Promise<DeliveryOutcome> {
  const { gateway } = delivery;
  // Postgres gives UUIDs back in lower case.
  const outboxId = delivery.outboxId.toLowerCase();
  const events = delivery.events.toSorted((a, b) => a.sequence - b.sequence);
  const [first] = events;
  if (first === undefined) return answerQuestion(database, gateway, outboxId);
  const firstAt = new Date(first.at);
  return database.$transaction(async (transaction) => {
    const cursor = await lockCursor(transaction, gateway, outboxId, firstAt);
    let { acceptedThrough } = cursor;
    let lastAt = firstAt;
    let repeated = 0;
    const applied: Record<string, number> = {};
    const surprises: Surprise[] = [];
    for (const { sequence, at, body } of events) {
      if (sequence > acceptedThrough + 1) break;
      if (sequence <= acceptedThrough) {
        repeated += 1;
        continue;
      }
      lastAt = new Date(at);
      const context = {
        transaction,
        gateway,
        outboxId,
        sequence: BigInt(sequence),
        at: lastAt,
        surprise: (what: string, details: Surprise["details"]) =>
          void surprises.push({ what, sequence, details }),
      };
      await applyEvent(context, body.type, body);
      acceptedThrough = sequence;
      applied[body.type] = (applied[body.type] ?? 0) + 1;
    }
    const fresh = acceptedThrough > cursor.acceptedThrough;
    if (fresh) await saveCursor(transaction, gateway, outboxId, acceptedThrough, lastAt);
    const isOther = cursor.outboxBefore !== null && cursor.outboxBefore !== outboxId;
    const count = Object.values(applied).reduce((sum, number) => sum + number, 0);
    return {
      acceptedThrough,
      applied,
      repeated,
      left: events.length - repeated - count,
      outboxBefore: fresh && isOther ? cursor.outboxBefore : null,
      surprises,
    };
  });
}
