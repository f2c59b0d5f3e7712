/** Text Response (RFC 7143 11.11). */
import { targetOpcodes } from "./bhs.ts";
import { definePdu } from "./codec.ts";
import { bytes, flag, uint32 } from "./fields.ts";

export const textResponse = definePdu({
  kind: "TextResponse",
  opcode: targetOpcodes.TextResponse,
  hasData: true,
  fields: {
    final: flag(1, 7),
    continue: flag(1, 6),
    lun: bytes(8, 8),
    initiatorTaskTag: uint32(16),
    targetTransferTag: uint32(20),
    statSN: uint32(24),
    expCmdSN: uint32(28),
    maxCmdSN: uint32(32),
  },
});
