/**
 * Turns for connections whose PDUs cost much time: one a turn of the event loop, in order, so that a flood of them takes one
 * share of the time however many they are.
 */

export interface Turns {
  /** Calls back in its turn. */
  await(callback: () => void): void;
}

export function createTurns(): Turns {
  const waiting: (() => void)[] = [];
  const next = (): void => {
    const callback = waiting.shift();
    if (waiting.length > 0) setImmediate(next);
    callback?.();
  };
  return {
    await(callback) {
      waiting.push(callback);
      if (waiting.length === 1) setImmediate(next);
    },
  };
}
