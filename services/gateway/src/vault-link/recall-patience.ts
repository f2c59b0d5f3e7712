/** When a recall that failed is worth another try: a host that restores should not notice a store's short absence. */
import { VaultError } from "@reelhouse/vault";
import type { VaultErrorCode } from "@reelhouse/vault";

/** Below the time that hosts give a READ or LOCATE (several minutes), and longer than most stores are away. */
export const patienceMs = 60_000;

const pauseMsFirst = 200;
const pauseMsMax = 5000;

/** Bytes turned on their way look like bytes turned in the store: worth a few tries, not a minute of them. */
const damagedTriesMax = 3;
const damaged: ReadonlySet<VaultErrorCode> = new Set([
  "OBJECT_DAMAGED",
  "OBJECT_FORMAT",
  "OBJECT_IDENTITY",
  "OBJECT_KEY_MISMATCH",
  "RECEIPT_MISMATCH",
]);

/**
 * The patience of one recall. To be told of each failure: how long to wait before the next try; undefined: there is none.
 * `sinceMs` is the first try's age. A store that is away uses up none of the tries that damaged bytes have.
 */
export function recallPatience(): (error: unknown, sinceMs: number) => number | undefined {
  let tries = 0;
  let damagedTries = 0;
  return (error, sinceMs) => {
    if (!(error instanceof VaultError)) return undefined;
    tries += 1;
    const isDamaged = damaged.has(error.code);
    if (isDamaged) damagedTries += 1;
    const worth = isDamaged ? damagedTries < damagedTriesMax : error.retryable;
    const pauseMs = Math.min(pauseMsMax, pauseMsFirst * 2 ** (tries - 1));
    return worth && sinceMs + pauseMs <= patienceMs ? pauseMs : undefined;
  };
}
