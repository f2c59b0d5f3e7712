/** When a failed job is tried again: exponential, with jitter, capped; for as long as it takes. */

const firstDelayMs = 1000;
/** A store that was away for a night is found back within a minute. */
const delayMsMax = 60_000;

/** So many that a store may be away for years; BullMQ wants a number. */
export const attemptsMax = 1_000_000_000;

/** Milliseconds until the next try, after `attempt` tries. Full range from half: a herd spreads, none comes at once. */
export const retryDelayMs = (attempt: number, random: () => number = Math.random): number => {
  // 2^16 s is far past the cap; the exponent is bounded so that it never overflows.
  const exponential = Math.min(delayMsMax, firstDelayMs * 2 ** Math.min(attempt - 1, 16));
  return Math.round(exponential * (0.5 + random() / 2));
};
