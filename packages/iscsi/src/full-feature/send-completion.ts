/** The answer to a command: Data-In PDUs and a status (RFC 7143 11.4, 11.7). */
import { TAG_NONE } from "../pdu/bhs.ts";
import type { RawPdu } from "../pdu/codec.ts";
import { dataIn } from "../pdu/data-in.ts";
import { dataSegmentOf, sliceViews } from "../pdu/data-segment.ts";
import { scsiResponse, senseSegment } from "../pdu/scsi-response.ts";
import { residualOf } from "../residual.ts";
import type { ScsiCompletion } from "../scsi-target.ts";
import type { Task } from "../task.ts";

/** What an answer needs of its session. */
interface AnsweringSession {
  readonly maxBurstLength: number;
  readonly initiatorDataSegmentBytesMax: number;
  stamp(): { statSN: number; expCmdSN: number; maxCmdSN: number };
  peek(): { statSN: number; expCmdSN: number; maxCmdSN: number };
  send(pdus: readonly RawPdu[], done?: () => void): void;
}

const GOOD = 0x00;
const COMMAND_COMPLETED_AT_TARGET = 0x00;
const NO_LUN = new Uint8Array(8);

/** The status part of a Data-In: the S bit, status and residual in the last one, when status travels with data. */
function statusFields(session: AnsweringSession, task: Task, completion: ScsiCompletion) {
  const residual = residualOf(task.expectedDataInLength, completion.dataIn?.byteLength ?? 0);
  return {
    ...session.stamp(),
    residualOverflow: residual.overflow,
    residualUnderflow: residual.underflow,
    hasStatus: true,
    status: completion.status,
    residualCount: residual.count,
  };
}

function noStatusFields(session: AnsweringSession) {
  return {
    ...session.peek(),
    statSN: 0,
    residualOverflow: false,
    residualUnderflow: false,
    hasStatus: false,
    status: 0,
    residualCount: 0,
  };
}

/** Data cut to what the initiator expects, then by its MaxRecvDataSegmentLength and by MaxBurstLength. */
function dataInPdus(
  session: AnsweringSession,
  task: Task,
  completion: ScsiCompletion,
  withStatus: boolean,
): RawPdu[] {
  const data = completion.dataIn;
  const length = Math.min(data?.byteLength ?? 0, task.expectedDataInLength);
  const { maxBurstLength } = session;
  const pdus: RawPdu[] = [];
  let burstLeft = maxBurstLength;
  for (let offset = 0; offset < length;) {
    const byteLength = Math.min(session.initiatorDataSegmentBytesMax, length - offset, burstLeft);
    const last = offset + byteLength === length;
    burstLeft -= byteLength;
    pdus.push(
      dataIn.encode({
        ...(last && withStatus ? statusFields(session, task, completion) : noStatusFields(session)),
        final: last || burstLeft === 0,
        acknowledge: false,
        lun: NO_LUN,
        initiatorTaskTag: task.initiatorTaskTag,
        targetTransferTag: TAG_NONE,
        dataSN: task.dataSN,
        bufferOffset: offset,
        data: dataSegmentOf(...sliceViews(data?.views ?? [], offset, byteLength)),
      }),
    );
    task.dataSN += 1;
    offset += byteLength;
    if (burstLeft === 0) burstLeft = maxBurstLength;
  }
  return pdus;
}

function responsePdu(session: AnsweringSession, task: Task, completion: ScsiCompletion): RawPdu {
  const bidirectional = task.expectedDataOutLength > 0 && task.expectedDataInLength > 0;
  const out = residualOf(task.expectedDataOutLength, completion.dataOutLength ?? task.takenBytes);
  const incoming = residualOf(task.expectedDataInLength, completion.dataIn?.byteLength ?? 0);
  const isRead = task.expectedDataOutLength === 0 && completion.dataIn !== undefined;
  const only = task.expectedDataInLength > 0 || isRead ? incoming : out;
  const main = bidirectional ? out : only;
  return scsiResponse.encode({
    ...session.stamp(),
    bidirectionalReadResidualOverflow: bidirectional && incoming.overflow,
    bidirectionalReadResidualUnderflow: bidirectional && incoming.underflow,
    bidirectionalReadResidualCount: bidirectional ? incoming.count : 0,
    residualOverflow: main.overflow,
    residualUnderflow: main.underflow,
    residualCount: main.count,
    response: COMMAND_COMPLETED_AT_TARGET,
    status: completion.status,
    initiatorTaskTag: task.initiatorTaskTag,
    snackTag: 0,
    expDataSN: task.dataSN,
    data: senseSegment(completion.sense),
  });
}

/** Sends data and status in one batch. GOOD travels in the last Data-In; any other status has its own PDU. */
export function sendCompletion(
  session: AnsweringSession,
  task: Task,
  completion: ScsiCompletion,
): void {
  const collapse = completion.status === GOOD && task.expectedDataOutLength === 0;
  const pdus = dataInPdus(session, task, completion, collapse);
  if (!collapse || pdus.length === 0) pdus.push(responsePdu(session, task, completion));
  const { dataIn: lent } = completion;
  session.send(pdus, lent && (() => lent.release()));
}
