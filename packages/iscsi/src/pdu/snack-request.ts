/** SNACK Request (RFC 7143 11.16): asks for PDUs again, or acknowledges data. */
import { initiatorOpcodes } from "./bhs.ts";
import { definePdu, type PduOf } from "./codec.ts";
import { bits, bytes, uint32 } from "./fields.ts";

/** RFC 7143 11.16.1. */
export const snackTypes = { dataOrR2T: 0, status: 1, dataAck: 2, rData: 3 } as const;

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

export type SnackRequest = PduOf<"SnackRequest", typeof snackRequest.fields>;
