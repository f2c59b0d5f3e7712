/** Login Response (RFC 7143 11.13). */
import { targetOpcodes } from "./bhs.ts";
import { definePdu } from "./codec.ts";
import { bits, bytes, flag, uint16, uint32, uint8 } from "./fields.ts";

export const loginResponse = definePdu({
  kind: "LoginResponse",
  opcode: targetOpcodes.LoginResponse,
  hasData: true,
  fields: {
    transit: flag(1, 7),
    continue: flag(1, 6),
    csg: bits(1, 2, 2),
    nsg: bits(1, 0, 2),
    versionMax: uint8(2),
    versionActive: uint8(3),
    isid: bytes(8, 6),
    tsih: uint16(14),
    initiatorTaskTag: uint32(16),
    statSN: uint32(24),
    expCmdSN: uint32(28),
    maxCmdSN: uint32(32),
    statusClass: uint8(36),
    statusDetail: uint8(37),
  },
});
