/** Which jobs are with the queue and not yet answered, as far as this process knows. Forgetting it costs an offer more. */

/** An offer without an answer is made again after so long: its answer may be lost, or the queue may have forgotten it. */
export const offerAgainMs = 3000;

export class Offers {
  /** Job id → when it was offered last. */
  readonly #offeredMs = new Map<string, number>();

  get count(): number {
    return this.#offeredMs.size;
  }

  /** Never offered, or so long ago that it is offered again. */
  isDue(id: string): boolean {
    const offeredMs = this.#offeredMs.get(id);
    return offeredMs === undefined || performance.now() - offeredMs > offerAgainMs;
  }

  made(id: string): void {
    this.#offeredMs.set(id, performance.now());
  }

  answered(id: string): void {
    this.#offeredMs.delete(id);
  }

  /** What the queue has kept to itself for long does not count any more. */
  forgetStale(): void {
    const nowMs = performance.now();
    for (const [id, offeredMs] of this.#offeredMs)
      if (nowMs - offeredMs > 2 * offerAgainMs) this.#offeredMs.delete(id);
  }
}
