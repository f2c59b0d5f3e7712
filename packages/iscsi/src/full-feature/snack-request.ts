/** SNACK Request (RFC 7143 11.16): sends again what the initiator misses. Needs ErrorRecoveryLevel 1. */
import { type SnackRequest, snackTypes } from "../pdu/snack-request.ts";
import { ProtocolError } from "../protocol-error.ts";
import type { Replay, Run } from "../recovery/replay.ts";
import type { Session } from "../session.ts";

type Resend = (session: Session, replay: Replay, pdu: SnackRequest, run: Run) => boolean;

const resendData: Resend = (session, replay, { initiatorTaskTag }, run) =>
  replay.resendData(initiatorTaskTag, run, {
    isOpen: (targetTransferTag) =>
      session.tasks.get(initiatorTaskTag)?.awaits(targetTransferTag) === true,
    dataBytesMax: session.initiatorDataSegmentBytesMax,
  });

/**
 * R-Data is asked for by an initiator that took a smaller MaxRecvDataSegmentLength while data was on its way: none does,
 * and it may be refused. DataACK answers an A bit, which we never set.
 */
const resends: Readonly<Record<number, Resend>> = {
  [snackTypes.dataOrR2T]: resendData,
  [snackTypes.status]: (_session, replay, _pdu, run) => replay.resendStatus(run),
};

export function handleSnackRequest(session: Session, pdu: SnackRequest): ProtocolError | undefined {
  const { replay } = session;
  if (replay === undefined) return new ProtocolError("SNACK Reject", "ErrorRecoveryLevel is 0");
  const resend = resends[pdu.type];
  if (resend === undefined) {
    return new ProtocolError("SNACK Reject", `SNACK of type ${pdu.type} is not served`);
  }
  const run = { begin: pdu.begRun, length: pdu.runLength };
  return resend(session, replay, pdu, run)
    ? undefined
    : new ProtocolError("SNACK Reject", "what is asked for was confirmed, or never sent");
}
