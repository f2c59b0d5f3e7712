/** Asynchronous Message (RFC 7143 11.9). */
import { targetOpcodes } from "./bhs.ts";
import { definePdu } from "./codec.ts";
import { bytes, uint16, uint32, uint8 } from "./fields.ts";

/** Event codes (RFC 7143 11.9.1) this target sends. */
export const asyncEvents = { targetRequestsLogout: 1 } as const;

export const asyncMessage = definePdu({
  kind: "AsyncMessage",
  opcode: targetOpcodes.AsyncMessage,
  hasData: true,
  ones: [
    [1, 0x80],
    [16, 0xff],
    [17, 0xff],
    [18, 0xff],
    [19, 0xff],
  ],
  fields: {
    lun: bytes(8, 8),
    statSN: uint32(24),
    expCmdSN: uint32(28),
    maxCmdSN: uint32(32),
    asyncEvent: uint8(36),
    asyncVCode: uint8(37),
    parameter1: uint16(38),
    parameter2: uint16(40),
    parameter3: uint16(42),
  },
});
