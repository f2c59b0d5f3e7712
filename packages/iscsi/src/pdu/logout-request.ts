/** Logout Request (RFC 7143 11.14). */
import { initiatorOpcodes, TAG_NONE } from "./bhs.ts";
import { definePdu } from "./codec.ts";
import { bits, uint16, uint32 } from "./fields.ts";

/** Reason codes (RFC 7143 11.14.1). */
export const logoutReasons = {
  closeSession: 0,
  closeConnection: 1,
  removeConnectionForRecovery: 2,
} as const;

export const logoutRequest = definePdu({
  kind: "LogoutRequest",
  opcode: initiatorOpcodes.LogoutRequest,
  ones: [[1, 0x80]],
  fields: {
    reasonCode: bits(1, 0, 7),
    initiatorTaskTag: uint32(16),
    cid: uint16(20),
    cmdSN: uint32(24),
    expStatSN: uint32(28),
  },
  check(pdu) {
    if (pdu.reasonCode > logoutReasons.removeConnectionForRecovery) {
      return "the logout reason code is reserved";
    }
    return pdu.initiatorTaskTag === TAG_NONE
      ? "the Initiator Task Tag is the reserved value"
      : undefined;
  },
});
export type LogoutRequest = Exclude<ReturnType<typeof logoutRequest.decode>, { severity: string }>;
