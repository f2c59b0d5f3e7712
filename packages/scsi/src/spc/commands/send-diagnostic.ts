/** SEND DIAGNOSTIC (SPC-5 6.42): the default self-test, which finds a working process or no answer at all. */
import { bit, bits, uint } from "../../cdb.ts";
import { good, invalidFieldInCdb } from "../../completion.ts";
import { spcCommand } from "./command.ts";

export const sendDiagnostic = spcCommand({
  name: "SEND DIAGNOSTIC",
  opcode: 0x1d,
  direction: "none",
  cdb: {
    selfTestCode: bits(1, 7, 5),
    pf: bit(1, 4),
    selfTest: bit(1, 2),
    devOffL: bit(1, 1),
    unitOffL: bit(1, 0),
    parameterListLength: uint(3, 2),
  },
  execute(_device, { selfTestCode, parameterListLength }) {
    if (selfTestCode !== 0) return invalidFieldInCdb(1, 7);
    if (parameterListLength !== 0) return invalidFieldInCdb(3, 7);
    return good();
  },
});
