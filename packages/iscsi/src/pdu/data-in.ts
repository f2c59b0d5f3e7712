/** SCSI Data-In (RFC 7143 11.7): data for the initiator; with the S bit, the command's status too. */
import { targetOpcodes } from "./bhs.ts";
import { definePdu } from "./codec.ts";
import { bytes, flag, uint32, uint8 } from "./fields.ts";

export const dataIn = definePdu({
  kind: "DataIn",
  opcode: targetOpcodes.DataIn,
  hasData: true,
  fields: {
    final: flag(1, 7),
    acknowledge: flag(1, 6),
    residualOverflow: flag(1, 2),
    residualUnderflow: flag(1, 1),
    hasStatus: flag(1, 0),
    status: uint8(3),
    lun: bytes(8, 8),
    initiatorTaskTag: uint32(16),
    targetTransferTag: uint32(20),
    statSN: uint32(24),
    expCmdSN: uint32(28),
    maxCmdSN: uint32(32),
    dataSN: uint32(36),
    bufferOffset: uint32(40),
    residualCount: uint32(44),
  },
});
