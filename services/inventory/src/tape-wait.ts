/** Waits for the event by which a gateway tells what it did, so that the next GET shows it. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "./database.ts";
import type { TapeKey } from "./store/tapes.ts";
import type { TapeStatus } from "./tape-lifecycle.ts";

/** The outbox delivers within a fraction of a second; when it does not, the answer does not wait for it. */
const waitMs = 2000;
const pollMs = 40;

/** True when the tape came to that status in time. The database is asked, because the event may reach another process. */
export async function waitForStatus(
  database: Database,
  { library, barcode }: TapeKey,
  status: TapeStatus,
): Promise<boolean> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    if ((await database.tape.count({ where: { library, barcode, status } })) > 0) return true;
    if (performance.now() >= deadline) return false;
    await sleep(pollMs);
  }
}
