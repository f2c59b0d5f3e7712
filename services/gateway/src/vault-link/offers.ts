/** Which jobs are with the queue and not yet answered, as far as this process knows. Forgetting it costs an offer more. */

/** An offer without an answer is made again after so long: its answer may be lost, or the queue may have forgotten it. */
export const offerAgainMs = 3000;

export class Offers {
  /** Job id → when it was offered last. */
  readonly #offeredMs = new Map<string, number>();
  /** Job id → when it failed last: it waits for its next try, and takes nobody's place meanwhile. */
  readonly #failedMs = new Map<string, number>();

  /** Of those that are with the queue. */
  get count(): number {
    return this.#offeredMs.size;
  }

  /** Never offered, or so long ago that it is offered again. */
  isDue(id: string): boolean {
    const sinceMs = this.#offeredMs.get(id) ?? this.#failedMs.get(id);
    return sinceMs === undefined || performance.now() - sinceMs > offerAgainMs;
  }

  made(id: string): void {
    this.#failedMs.delete(id);
    this.#offeredMs.set(id, performance.now());
  }

  failed(id: string): void {
    this.#offeredMs.delete(id);
    this.#failedMs.set(id, performance.now());
  }

  answered(id: string): void {
    this.#offeredMs.delete(id);
    this.#failedMs.delete(id);
  }

  /** What the queue has kept to itself for long does not count any more. */
  forgetStale(): void {
    const nowMs = performance.now();
    for (const times of [this.#offeredMs, this.#failedMs])
      for (const [id, sinceMs] of times) if (nowMs - sinceMs > 2 * offerAgainMs) times.delete(id);
  }
}
