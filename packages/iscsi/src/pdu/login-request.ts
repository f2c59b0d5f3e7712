/** Login Request (RFC 7143 11.12). */
import { initiatorOpcodes } from "./bhs.ts";
import { definePdu } from "./codec.ts";
import { bits, bytes, flag, uint16, uint32, uint8 } from "./fields.ts";

/** Login stages, as CSG and NSG count them (RFC 7143 11.12.3). */
export const loginStages = {
  SecurityNegotiation: 0,
  LoginOperationalNegotiation: 1,
  FullFeaturePhase: 3,
} as const;

export const loginRequest = definePdu({
  kind: "LoginRequest",
  opcode: initiatorOpcodes.LoginRequest,
  hasData: true,
  fields: {
    transit: flag(1, 7),
    continue: flag(1, 6),
    csg: bits(1, 2, 2),
    nsg: bits(1, 0, 2),
    versionMax: uint8(2),
    versionMin: uint8(3),
    isid: bytes(8, 6),
    tsih: uint16(14),
    initiatorTaskTag: uint32(16),
    cid: uint16(20),
    cmdSN: uint32(24),
    expStatSN: uint32(28),
  },
  check(pdu) {
    if (pdu.transit && pdu.continue) return "T and C are both set";
    if (pdu.csg > loginStages.LoginOperationalNegotiation) return "CSG is not a login stage";
    if (pdu.transit && (pdu.nsg <= pdu.csg || pdu.nsg === 2)) return "NSG does not follow CSG";
    return undefined;
  },
});
export type LoginRequest = Exclude<ReturnType<typeof loginRequest.decode>, { severity: string }>;
