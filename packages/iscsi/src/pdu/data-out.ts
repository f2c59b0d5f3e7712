/** SCSI Data-Out (RFC 7143 11.7): data of a command, solicited by an R2T or not. */
import { initiatorOpcodes, TAG_NONE } from "./bhs.ts";
import { definePdu } from "./codec.ts";
import { bytes, flag, uint32 } from "./fields.ts";

export const dataOut = definePdu({
  kind: "DataOut",
  opcode: initiatorOpcodes.DataOut,
  hasData: true,
  fields: {
    final: flag(1, 7),
    lun: bytes(8, 8),
    initiatorTaskTag: uint32(16),
    targetTransferTag: uint32(20),
    expStatSN: uint32(28),
    dataSN: uint32(36),
    bufferOffset: uint32(40),
  },
  check: (pdu) =>
    pdu.initiatorTaskTag === TAG_NONE ? "the Initiator Task Tag is the reserved value" : undefined,
});
export type DataOutPdu = Exclude<ReturnType<typeof dataOut.decode>, { severity: string }>;
