/** LOG SENSE (SPC-5 6.9): cumulative values of the pages the device has. */
import { be, join } from "../../bytes.ts";
import { bit, bits, uint } from "../../cdb.ts";
import { check, goodData, invalidFieldInCdb } from "../../completion.ts";
import { encodeLogParameter } from "../log-pages/log-page.ts";
import { spcCommand } from "./command.ts";

const supportedLogPages = 0x00;
const allSubpages = 0xff;
const subpageFormat = 0x40;
/** PC: threshold values (00b) and defaults (10b, 11b) are kept by no page; all are answered with the cumulative ones. */
const pageHeader = (pageCode: number, body: Uint8Array) =>
  join(pageCode, 0, be(body.length, 2), body);

function supportedPages(codes: readonly number[], withSubpages: boolean): Uint8Array {
  const sorted = [supportedLogPages, ...codes].sort((one, other) => one - other);
  if (!withSubpages) return pageHeader(supportedLogPages, Uint8Array.from(sorted));
  const pairs = sorted.flatMap((code) =>
    code === supportedLogPages ? [0, 0, 0, 0xff] : [code, 0],
  );
  const body = Uint8Array.from(pairs);
  return join(supportedLogPages | subpageFormat, allSubpages, be(body.length, 2), body);
}

export const logSense = spcCommand({
  name: "LOG SENSE",
  opcode: 0x4d,
  direction: "in",
  reservation: "ignored",
  cdb: {
    sp: bit(1, 0),
    pc: bits(2, 7, 6),
    pageCode: bits(2, 5, 0),
    subpageCode: uint(3, 1),
    parameterPointer: uint(5, 2),
    allocationLength: uint(7, 2),
  },
  execute(device, cdb, { nexus }) {
    if (cdb.sp) return check("savingParametersNotSupported");
    if (cdb.pageCode === supportedLogPages) {
      if (cdb.subpageCode !== 0 && cdb.subpageCode !== allSubpages) return invalidFieldInCdb(3, 7);
      if (cdb.parameterPointer !== 0) return invalidFieldInCdb(5, 7);
      const codes = device.logPages.map((page) => page.pageCode);
      const data = supportedPages(codes, cdb.subpageCode === allSubpages);
      return goodData(data, cdb.allocationLength);
    }
    const page = device.logPages.find((each) => each.pageCode === cdb.pageCode);
    if (page === undefined) return invalidFieldInCdb(2, 5);
    if (cdb.subpageCode !== 0) return invalidFieldInCdb(3, 7);
    const parameters = page
      .parameters(nexus)
      .filter((parameter) => parameter.code >= cdb.parameterPointer);
    // SPC-5 6.9: a pointer beyond the last parameter is an error.
    if (parameters.length === 0) return invalidFieldInCdb(5, 7);
    const body = join(...parameters.map((parameter) => encodeLogParameter(parameter)));
    return goodData(pageHeader(page.pageCode, body), cdb.allocationLength);
  },
});
