/** Waiting for something another process does: ask, pause, ask again, and say what was missing in the end. */

export interface WaitOptions {
  readonly timeoutMs: number;
  readonly pauseMs?: number;
  /** What is waited for, for the error. */
  readonly what: string;
}

const PAUSE_MS = 100;

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

/** Calls `ask` until it answers something other than undefined, and gives that. Throws Error when time is up. */
export const waitUntil = async <T>(
  ask: () => Promise<T | undefined> | T | undefined,
  options: WaitOptions,
): Promise<T> => {
  const deadline = Date.now() + options.timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() >= deadline)
      throw new Error(`${options.what}: not within ${options.timeoutMs / 1000} s`);
    await pause(options.pauseMs ?? PAUSE_MS);
  }
};
