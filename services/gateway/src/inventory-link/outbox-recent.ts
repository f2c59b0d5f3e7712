/**
 * The newest events of the outbox, in memory too: while the inventory keeps up, a delivery reads no file. Bounded; what an
 * inventory that is away leaves behind is on disk only.
 */
import type { GatewayEvent } from "@reelhouse/contracts";

/** As lines. Some thousand events: more than a busy drive makes in the time a delivery takes. */
const recentBytesMax = 1024 * 1024;

interface Recent {
  readonly event: GatewayEvent;
  readonly lineBytes: number;
}

export class OutboxRecent {
  /** Dense; the last one is the outbox's last. */
  #events: Recent[] = [];
  #bytes = 0;

  add(added: readonly Recent[]): void {
    this.#events.push(...added);
    for (const { lineBytes } of added) this.#bytes += lineBytes;
    let left = this.#bytes;
    const kept = this.#events.findIndex(({ lineBytes }) => {
      if (left <= recentBytesMax) return true;
      left -= lineBytes;
      return false;
    });
    this.#drop(kept === -1 ? this.#events.length : kept);
  }

  /** The inventory has everything through `sequence`. */
  accept(sequence: number): void {
    const kept = this.#events.findIndex(({ event }) => event.sequence > sequence);
    this.#drop(kept === -1 ? this.#events.length : kept);
  }

  /** Events after `sequence`, at most `countMax`; undefined when the next one is not here. */
  after(sequence: number, countMax: number): GatewayEvent[] | undefined {
    const first = this.#events[0]?.event.sequence;
    if (first === undefined || first > sequence + 1) return undefined;
    const from = sequence + 1 - first;
    return this.#events.slice(from, from + countMax).map(({ event }) => event);
  }

  clear(): void {
    this.#drop(this.#events.length);
  }

  #drop(count: number): void {
    for (const { lineBytes } of this.#events.splice(0, count)) this.#bytes -= lineBytes;
  }
}
