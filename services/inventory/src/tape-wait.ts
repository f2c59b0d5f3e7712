/** Waits for the events by which a gateway tells what it did, so that the answer and the next GET show it. */
import { setTimeout as sleep } from "node:timers/promises";

/** The outbox delivers within a fraction of a second; when it does not, the answer does not wait for it. */
const waitMs = 2000;
const pollMs = 40;

/** True when it came true in time. `isTrue` asks the database, because the event may reach another process. */
export async function waitUntil(isTrue: () => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    if (await isTrue()) return true;
    if (performance.now() >= deadline) return false;
    await sleep(pollMs);
  }
}
