/** SEND DIAGNOSTIC (SPC-5 6.45): self-tests, which find a working process or no answer at all, and the supported pages. */
import { bit, bits, uint } from "../../cdb.ts";
import { check, good, invalidFieldInCdb, invalidFieldInParameterList } from "../../completion.ts";
import { chain } from "../../maybe-promise.ts";
import type { Completion } from "../../task.ts";
import { receiveParameterList } from "../parameter-list.ts";
import { spcCommand } from "./command.ts";

/** SELF-TEST CODE: none, background short and extended, foreground short and extended. There is none to abort (100b). */
const selfTestCodes: ReadonlySet<number> = new Set([0b000, 0b001, 0b010, 0b101, 0b110]);
const pageHeaderLength = 4;

/** The page that asks for the supported pages: its header alone. */
function pageFault(list: Uint8Array): Completion | undefined {
  if (list.length < pageHeaderLength) return check("parameterListLengthError");
  const wrong = list.subarray(0, pageHeaderLength).findIndex((byte) => byte !== 0);
  if (wrong >= 0) return invalidFieldInParameterList(wrong);
  return list.length > pageHeaderLength ? check("parameterListLengthError") : undefined;
}

export const sendDiagnostic = spcCommand({
  name: "SEND DIAGNOSTIC",
  opcode: 0x1d,
  direction: "out",
  cdb: {
    selfTestCode: bits(1, 7, 5),
    pf: bit(1, 4),
    selfTest: bit(1, 2),
    devOffL: bit(1, 1),
    unitOffL: bit(1, 0),
    parameterListLength: uint(3, 2),
  },
  execute(_device, { selfTestCode, pf, selfTest, parameterListLength }, call) {
    if (!selfTestCodes.has(selfTestCode)) return invalidFieldInCdb(1, 7);
    const tests = selfTest || selfTestCode !== 0;
    if (selfTest && selfTestCode !== 0) return invalidFieldInCdb(1, 7);
    if (parameterListLength === 0) return good();
    // Pages of the vendor's format (PF zero) there are none, and a self-test takes no page.
    if (!pf) return invalidFieldInCdb(1, 4);
    if (tests) return invalidFieldInCdb(3, 7);
    return chain(receiveParameterList(call, parameterListLength), (list) =>
      list instanceof Uint8Array ? (pageFault(list) ?? good()) : list,
    );
  },
});
