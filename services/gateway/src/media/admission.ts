/**
 * How the cache takes a write, as a function of how full it is. Only what has no receipt counts here: the rest can be
 * given up at once.
 *
 *   pending / budget   0 ────────── 0.75 ───────────── 1
 *   a write            at once        slower and slower   BUSY, not performed
 */

export type Admission =
  | { readonly kind: "admit"; readonly delayMs: number }
  | { readonly kind: "refuse" };

/** Where it begins to slow down: a quarter of the budget is left to brake in. */
export const slowFrom = 0.75;

/** The longest delay of one write; at 1 MiB blocks that is 4 MB/s, below any line worth having. */
export const delayMsMax = 250;

/** `pendingBytes`: without a receipt, this write included. */
export function admit(pendingBytes: number, budgetBytes: number): Admission {
  const fill = pendingBytes / budgetBytes;
  if (fill > 1) return { kind: "refuse" };
  if (fill <= slowFrom) return { kind: "admit", delayMs: 0 };
  const pressure = (fill - slowFrom) / (1 - slowFrom);
  return { kind: "admit", delayMs: Math.ceil(delayMsMax * pressure * pressure) };
}
