/** A rate with a burst: so many tokens at once, and so many a second after. Times come in as values. */

export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

export class TokenBucket {
  readonly #rate: Rate;
  #tokens: number;
  #atMs: number;

  constructor(rate: Rate, nowMs: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#atMs = nowMs;
  }

  /** Whether a token is there; it is left. */
  has(nowMs: number): boolean {
    this.#refill(nowMs);
    return this.#tokens >= 1;
  }

  /** Takes a token; with none left nothing is owed. */
  take(nowMs: number): boolean {
    if (!this.has(nowMs)) return false;
    this.#tokens -= 1;
    return true;
  }

  /** Nothing was taken for so long that forgetting the bucket changes nothing. */
  isFull(nowMs: number): boolean {
    this.#refill(nowMs);
    return this.#tokens >= this.#rate.burst;
  }

  #refill(nowMs: number): void {
    const seconds = Math.max(nowMs - this.#atMs, 0) / 1000;
    this.#atMs = nowMs;
    this.#tokens = Math.min(this.#tokens + seconds * this.#rate.perSecond, this.#rate.burst);
  }
}
