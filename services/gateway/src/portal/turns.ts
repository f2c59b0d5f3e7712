/**
 * Turns for connections whose PDUs cost much time: one after the other with a pause between, in which everybody else is served
 * and new connections are accepted (one each turn of the event loop). A flood of them takes a quarter of the time, however
 * many they are.
 */

/** A turn is some 2 ms (slab-socket.ts). */
const pauseMs = 6;

export interface Turns {
  /** Somebody waits. */
  readonly isBusy: boolean;
  /** Calls back in its turn. */
  await(callback: () => void): void;
}

export function createTurns(): Turns {
  const waiting: (() => void)[] = [];
  const next = (): void => {
    const callback = waiting.shift();
    if (waiting.length > 0) setTimeout(next, pauseMs);
    callback?.();
  };
  return {
    get isBusy() {
      return waiting.length > 0;
    },
    await(callback) {
      waiting.push(callback);
      if (waiting.length === 1) setTimeout(next, pauseMs);
    },
  };
}
