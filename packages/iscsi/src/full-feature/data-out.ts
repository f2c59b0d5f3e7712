/** SCSI Data-Out (RFC 7143 11.7): data for a task. */
import type { DataOutPdu } from "../pdu/data-out.ts";
import type { ProtocolError } from "../protocol-error.ts";
import type { Session } from "../session.ts";

/**
 * `intact` is false after a data digest error. Data of a task that is gone is dropped: an initiator goes on sending
 * for a while after an abort or an early CHECK CONDITION.
 */
export function handleDataOut(
  session: Session,
  pdu: DataOutPdu,
  intact = true,
): ProtocolError | undefined {
  return session.tasks.get(pdu.initiatorTaskTag)?.receive(pdu, intact);
}
