/** Logout Response (RFC 7143 11.15). */
import { targetOpcodes } from "./bhs.ts";
import { definePdu } from "./codec.ts";
import { uint16, uint32, uint8 } from "./fields.ts";

/** Response codes (RFC 7143 11.15.1) this target sends. */
export const logoutResponses = { closed: 0, cidNotFound: 1, recoveryNotSupported: 2 } as const;

export const logoutResponse = definePdu({
  kind: "LogoutResponse",
  opcode: targetOpcodes.LogoutResponse,
  ones: [[1, 0x80]],
  fields: {
    response: uint8(2),
    initiatorTaskTag: uint32(16),
    statSN: uint32(24),
    expCmdSN: uint32(28),
    maxCmdSN: uint32(32),
    time2Wait: uint16(40),
    time2Retain: uint16(42),
  },
});
