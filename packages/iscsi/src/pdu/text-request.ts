/** Text Request (RFC 7143 11.10). */
import { initiatorOpcodes, TAG_NONE } from "./bhs.ts";
import { definePdu } from "./codec.ts";
import { bytes, flag, uint32 } from "./fields.ts";

export const textRequest = definePdu({
  kind: "TextRequest",
  opcode: initiatorOpcodes.TextRequest,
  hasData: true,
  fields: {
    final: flag(1, 7),
    continue: flag(1, 6),
    lun: bytes(8, 8),
    initiatorTaskTag: uint32(16),
    targetTransferTag: uint32(20),
    cmdSN: uint32(24),
    expStatSN: uint32(28),
  },
  check(pdu) {
    if (pdu.final && pdu.continue) return "F and C are both set";
    if (pdu.initiatorTaskTag === TAG_NONE) return "the Initiator Task Tag is the reserved value";
    return undefined;
  },
});
export type TextRequest = Exclude<ReturnType<typeof textRequest.decode>, { severity: string }>;
