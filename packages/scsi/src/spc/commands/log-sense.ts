/** LOG SENSE (SPC-5 6.9): the pages the device has, their subpages, and the lists of both. */
import { join } from "../../bytes.ts";
import { type Cdb, bit, bits, uint } from "../../cdb.ts";
import { check, goodData, invalidFieldInCdb } from "../../completion.ts";
import type { Device } from "../../device.ts";
import type { Completion } from "../../task.ts";
import { encodeLogParameter } from "../log-pages/log-page.ts";
import { controlledValue } from "../log-pages/log-page-values.ts";
import {
  allSubpages,
  logPageData,
  supportedLogPages,
  supportedPagesData,
  supportedSubpagesData,
} from "../log-pages/supported-pages.ts";
import { spcCommand } from "./command.ts";

const layout = {
  sp: bit(1, 0),
  pc: bits(2, 7, 6),
  pageCode: bits(2, 5, 0),
  subpageCode: uint(3, 1),
  parameterPointer: uint(5, 2),
  allocationLength: uint(7, 2),
} as const;

/** A list of pages; it has no parameters to point into. */
function listOfPages(device: Device, fields: Cdb<typeof layout>): Completion {
  const { pageCode, subpageCode, parameterPointer, allocationLength } = fields;
  if (subpageCode !== 0 && subpageCode !== allSubpages) return invalidFieldInCdb(3, 7);
  if (parameterPointer !== 0) return invalidFieldInCdb(5, 7);
  const data =
    subpageCode === 0
      ? supportedPagesData(device.logPages)
      : supportedSubpagesData(device.logPages, pageCode);
  return goodData(data, allocationLength);
}

export const logSense = spcCommand({
  name: "LOG SENSE",
  opcode: 0x4d,
  direction: "in",
  reservation: "ignored",
  cdb: layout,
  execute(device, fields, { nexus }) {
    if (fields.sp) return check("savingParametersNotSupported");
    const { pageCode, subpageCode, parameterPointer } = fields;
    const ofCode = device.logPages.filter((each) => each.pageCode === pageCode);
    if (pageCode === supportedLogPages) return listOfPages(device, fields);
    if (ofCode.length === 0) return invalidFieldInCdb(2, 5);
    if (subpageCode === allSubpages) return listOfPages(device, fields);
    const page = ofCode.find((each) => (each.subpageCode ?? 0) === subpageCode);
    if (page === undefined) return invalidFieldInCdb(3, 7);
    const parameters = page
      .parameters(nexus)
      .filter((parameter) => parameter.code >= parameterPointer);
    // SPC-5 6.9: a pointer beyond the last parameter is an error. A page may have none at all.
    if (parameters.length === 0 && parameterPointer > 0) return invalidFieldInCdb(5, 7);
    const encoded = parameters.map((each) => encodeLogParameter(controlledValue(each, fields.pc)));
    const data = logPageData(pageCode, page.subpageCode, join(...encoded));
    return goodData(data, fields.allocationLength);
  },
});
