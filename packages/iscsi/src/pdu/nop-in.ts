/** NOP-In (RFC 7143 11.19): the answer to a ping, or a target's own ping. */
import { targetOpcodes } from "./bhs.ts";
import { definePdu } from "./codec.ts";
import { bytes, uint32 } from "./fields.ts";

export const nopIn = definePdu({
  kind: "NopIn",
  opcode: targetOpcodes.NopIn,
  hasData: true,
  ones: [[1, 0x80]],
  fields: {
    lun: bytes(8, 8),
    initiatorTaskTag: uint32(16),
    targetTransferTag: uint32(20),
    statSN: uint32(24),
    expCmdSN: uint32(28),
    maxCmdSN: uint32(32),
  },
});
