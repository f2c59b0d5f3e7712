/** The device clock (SPC-5 5.2): the clock of the world, moved by SET TIMESTAMP until the next start. */

/** TIMESTAMP ORIGIN: set by an application client, or by other means. */
export const timestampOrigin = { setTimestamp: 0b001, otherMeans: 0b010 } as const;

/** A timestamp is 48 bits of milliseconds. */
const timestampModulus = 2 ** 48;

export class DeviceClock {
  readonly #nowMs: () => number;
  #movedMs = 0;
  origin: (typeof timestampOrigin)[keyof typeof timestampOrigin] = timestampOrigin.otherMeans;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Milliseconds since 1970-01-01 UTC, as the device has it. */
  get timestampMs(): number {
    const moved = (this.#nowMs() + this.#movedMs) % timestampModulus;
    return moved < 0 ? moved + timestampModulus : moved;
  }

  set(timestampMs: number): void {
    this.#movedMs = timestampMs - this.#nowMs();
    this.origin = timestampOrigin.setTimestamp;
  }
}
