/** Ready To Transfer (RFC 7143 11.8): the target asks for a burst of a command's data. */
import { targetOpcodes } from "./bhs.ts";
import { definePdu } from "./codec.ts";
import { bytes, uint32 } from "./fields.ts";

export const r2t = definePdu({
  kind: "R2T",
  opcode: targetOpcodes.R2T,
  ones: [[1, 0x80]],
  fields: {
    lun: bytes(8, 8),
    initiatorTaskTag: uint32(16),
    targetTransferTag: uint32(20),
    statSN: uint32(24),
    expCmdSN: uint32(28),
    maxCmdSN: uint32(32),
    r2tSN: uint32(36),
    bufferOffset: uint32(40),
    desiredDataTransferLength: uint32(44),
  },
});
