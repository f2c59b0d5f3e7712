/** NOP-Out (RFC 7143 11.18): a ping, or the answer to a target's ping. */
import { initiatorOpcodes, TAG_NONE } from "./bhs.ts";
import { definePdu } from "./codec.ts";
import { bytes, uint32 } from "./fields.ts";

export const nopOut = definePdu({
  kind: "NopOut",
  opcode: initiatorOpcodes.NopOut,
  hasData: true,
  ones: [[1, 0x80]],
  fields: {
    lun: bytes(8, 8),
    initiatorTaskTag: uint32(16),
    targetTransferTag: uint32(20),
    cmdSN: uint32(24),
    expStatSN: uint32(28),
  },
  check(pdu) {
    if (pdu.initiatorTaskTag === TAG_NONE && !pdu.immediate) {
      return "a NOP-Out without an Initiator Task Tag is immediate";
    }
    return undefined;
  },
});
export type NopOut = Exclude<ReturnType<typeof nopOut.decode>, { severity: string }>;
