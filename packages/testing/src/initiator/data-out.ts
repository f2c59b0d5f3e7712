/** What an initiator sends of a command's data, and when (RFC 7143 4.2.5.2, 13.10 to 13.14). */
import type { CommandTask } from "./command-task.ts";
import { RESERVED_TAG } from "./opcodes.ts";
import type { Parameters } from "./parameters.ts";
import type { R2t } from "./pdu-in.ts";
import { encodeDataOut } from "./pdu-out.ts";
import type { Transport } from "./transport.ts";

export interface UnsolicitedPlan {
  /** Bytes inside the SCSI Command PDU. */
  readonly immediateLength: number;
  /** End of the unsolicited Data-Out that follows; equal to `immediateLength` when none does. */
  readonly unsolicitedEnd: number;
}

/** How many bytes go before any R2T. */
export const planUnsolicited = (parameters: Parameters, byteLength: number): UnsolicitedPlan => {
  const burst = Math.min(byteLength, parameters.firstBurstLength);
  const immediateLength = parameters.immediateData
    ? Math.min(burst, parameters.targetMaxRecvDataSegmentLength)
    : 0;
  return { immediateLength, unsolicitedEnd: parameters.initialR2T ? immediateLength : burst };
};

/** Sends bytes [offset, end) of the command's data as one sequence of Data-Out PDUs, the last with F. */
export const sendDataOut = (
  transport: Transport,
  task: CommandTask,
  sequence: {
    readonly targetTransferTag: number;
    readonly offset: number;
    readonly end: number;
    readonly segmentBytesMax: number;
    readonly expStatSN: number;
  },
): void => {
  const { end, segmentBytesMax } = sequence;
  let dataSN = 0;
  for (let offset = sequence.offset; offset < end; offset += segmentBytesMax, dataSN += 1) {
    const data = task.dataOut.subarray(offset, Math.min(end, offset + segmentBytesMax));
    const header = encodeDataOut({
      lun: task.lun,
      final: offset + segmentBytesMax >= end,
      initiatorTaskTag: task.initiatorTaskTag,
      targetTransferTag: sequence.targetTransferTag,
      expStatSN: sequence.expStatSN,
      dataSN,
      bufferOffset: offset,
      dataLength: data.byteLength,
    });
    transport.send(header, data);
  }
};

/** Unsolicited Data-Out after the command, if the plan has any. */
export const sendUnsolicited = (
  transport: Transport,
  task: CommandTask,
  plan: UnsolicitedPlan,
  parameters: Parameters,
  expStatSN: number,
): void =>
  sendDataOut(transport, task, {
    targetTransferTag: RESERVED_TAG,
    offset: plan.immediateLength,
    end: plan.unsolicitedEnd,
    segmentBytesMax: parameters.targetMaxRecvDataSegmentLength,
    expStatSN,
  });

/** Answers an R2T. */
export const sendSolicited = (
  transport: Transport,
  task: CommandTask,
  r2t: R2t,
  parameters: Parameters,
  expStatSN: number,
): void =>
  sendDataOut(transport, task, {
    targetTransferTag: r2t.targetTransferTag,
    offset: r2t.bufferOffset,
    end: r2t.bufferOffset + r2t.desiredDataTransferLength,
    segmentBytesMax: parameters.targetMaxRecvDataSegmentLength,
    expStatSN,
  });
