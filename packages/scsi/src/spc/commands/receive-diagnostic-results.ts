/** RECEIVE DIAGNOSTIC RESULTS (SPC-5 6.28): the supported pages are the one page there is. */
import { be, join } from "../../bytes.ts";
import { bit, uint } from "../../cdb.ts";
import { goodData, invalidFieldInCdb } from "../../completion.ts";
import { spcCommand } from "./command.ts";

const supportedPages = 0x00;
const supportedPagesData = join(supportedPages, 0, be(1, 2), supportedPages);

/** Without PCV it gives what the last SEND DIAGNOSTIC asked for, which can only have been the same page. */
export const receiveDiagnosticResults = spcCommand({
  name: "RECEIVE DIAGNOSTIC RESULTS",
  opcode: 0x1c,
  direction: "in",
  reservation: "reads",
  cdb: { pcv: bit(1, 0), pageCode: uint(2, 1), allocationLength: uint(3, 2) },
  execute: (_device, { pageCode, allocationLength }) =>
    pageCode === supportedPages
      ? goodData(supportedPagesData, allocationLength)
      : invalidFieldInCdb(2, 7),
});
