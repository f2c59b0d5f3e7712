/** For tests: waits in real time, also while a test holds the clock of the code it tests. */
import { setTimeout as delay } from "node:timers/promises";

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(2);
}

/** Long enough for what is under way to have come to its end, where the test is that nothing happens. */
export const settled = (): Promise<void> => delay(40);
