/** Ready means that a script may use the API at once: so the gateway's library must have come through to the inventory. */
import { setTimeout as sleep } from "node:timers/promises";

const pollMs = 100;
const patienceMs = 15_000;
const requestTimeoutMs = 2000;

const isDescribed = async (url: string, adminToken: string): Promise<boolean> => {
  try {
    const answer = await fetch(url, {
      headers: { authorization: `Bearer ${adminToken}` },
      signal: AbortSignal.timeout(requestTimeoutMs),
    });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
};

/** Resolves with true when GET /v1/library answers, with false after `limitMs`: late is no reason not to start. */
export const catalogueReady = async (
  api: string,
  adminToken: string,
  limitMs = patienceMs,
): Promise<boolean> => {
  const deadline = performance.now() + limitMs;
  while (!(await isDescribed(`${api}/v1/library`, adminToken))) {
    if (performance.now() > deadline) return false;
    await sleep(pollMs);
  }
  return true;
};
