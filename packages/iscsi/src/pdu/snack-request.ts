/** SNACK Request (RFC 7143 11.16). Needs ErrorRecoveryLevel 1: here it is only recognised, to be rejected. */
import { initiatorOpcodes } from "./bhs.ts";
import { definePdu } from "./codec.ts";
import { bits, bytes, uint32 } from "./fields.ts";

export const snackRequest = definePdu({
  kind: "SnackRequest",
  opcode: initiatorOpcodes.SnackRequest,
  ones: [[1, 0x80]],
  fields: {
    type: bits(1, 0, 4),
    lun: bytes(8, 8),
    initiatorTaskTag: uint32(16),
    targetTransferTag: uint32(20),
    expStatSN: uint32(28),
    begRun: uint32(40),
    runLength: uint32(44),
  },
});
