/** Reject (RFC 7143 11.17): a PDU was not accepted. Its data segment is the header of that PDU. */
import { targetOpcodes } from "./bhs.ts";
import { definePdu } from "./codec.ts";
import { uint32, uint8 } from "./fields.ts";

export const reject = definePdu({
  kind: "Reject",
  opcode: targetOpcodes.Reject,
  hasData: true,
  ones: [
    [1, 0x80],
    [16, 0xff],
    [17, 0xff],
    [18, 0xff],
    [19, 0xff],
  ],
  fields: {
    reason: uint8(2),
    statSN: uint32(24),
    expCmdSN: uint32(28),
    maxCmdSN: uint32(32),
    dataSN: uint32(36),
  },
});
