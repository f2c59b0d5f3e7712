/**
 * DELETE /v1/tapes/{barcode}: first DELETING, so that the wish outlives this process; then the gateway removes the
 * volume; its event volume.removed makes the row DELETED. What lies in the store stays until a policy deletes it.
 *
 *   the gateway …        → the row            → the answer
 *   removed it           → DELETED by event   → 204
 *   has no such volume   → DELETED            → 204
 *   would not            → as before          → its reason (TAPE_IN_DRIVE)
 *   was not reached      → as before          → GATEWAY_UNAVAILABLE
 *   may have removed it  → stays DELETING     → GATEWAY_UNAVAILABLE; the same request may be sent again
 */
import { ServiceError } from "@reelhouse/service-kit";
import type { Database } from "./database.ts";
import type { GatewayAnswer, GatewayClient } from "./gateway-client.ts";
import { removeTape } from "./store/tape-removal.ts";
import { findTape, type TapeKey } from "./store/tapes.ts";
import { isRefusal, type TapeStatus, transitions } from "./tape-lifecycle.ts";
import { waitUntil } from "./tape-wait.ts";

/** Only from the status that was seen: an event in between wins. */
async function move(
  database: Database,
  { library, barcode }: TapeKey,
  from: TapeStatus,
  to: TapeStatus,
) {
  const { count } = await database.tape.updateMany({
    where: { library, barcode, status: from },
    data: { status: to, updatedAt: new Date() },
  });
  return count === 1;
}

/** Marks the tape; gives the status to go back to when the gateway does not remove it. */
async function markDeleting(
  database: Database,
  tape: TapeKey & { readonly status: TapeStatus },
): Promise<TapeStatus> {
  const next = transitions[tape.status].removeAsked;
  if (isRefusal(next)) throw new ServiceError(next.refused);
  if (await move(database, tape, tape.status, next)) return tape.status;
  const now = await findTape(database, tape.barcode, tape.library);
  return markDeleting(database, now);
}

const statusAfterRefusal = (before: TapeStatus): TapeStatus => {
  const next = transitions[before].removeRefused;
  return isRefusal(next) ? before : next;
};

async function settle(
  database: Database,
  tape: TapeKey,
  before: TapeStatus,
  answer: Exclude<GatewayAnswer, { kind: "done" }>,
): Promise<void> {
  if (answer.kind === "refused") {
    if (answer.code === "TAPE_NOT_FOUND") {
      await database.$transaction((transaction) => removeTape(transaction, tape, new Date()));
      return;
    }
    await move(database, tape, "DELETING", statusAfterRefusal(before));
    throw new ServiceError(answer.code, { cause: answer.message });
  }
  const { cause } = answer;
  if (answer.kind === "unreachable") {
    await move(database, tape, "DELETING", before);
    throw new ServiceError("GATEWAY_UNAVAILABLE", { cause });
  }
  const detail = "The tape may have been deleted; send the same request again.";
  throw new ServiceError("GATEWAY_UNAVAILABLE", { cause, detail });
}

/** Removes a tape, or throws the row of ERRORS that says why not. Waits shortly for the gateway's event. */
export async function deleteTape(
  database: Database,
  gateway: GatewayClient,
  barcode: string,
  library: string | undefined,
): Promise<void> {
  const tape = await findTape(database, barcode, library);
  const before = await markDeleting(database, tape);
  const answer = await gateway.removeVolume(barcode);
  if (answer.kind !== "done") await settle(database, tape, before, answer);
  await waitUntil(
    async () => (await findTape(database, barcode, tape.library)).status === "DELETED",
  );
}
