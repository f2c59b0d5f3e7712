/** For tests: waits in real time, also while a test holds the clock of the code it tests. */
import { setTimeout as delay } from "node:timers/promises";

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(2);
}
