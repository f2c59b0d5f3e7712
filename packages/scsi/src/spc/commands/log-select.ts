/**
 * LOG SELECT (SPC-5 6.8): sets counters back to what they begin with. No parameter takes a value from an application
 * client: what a page counts is what happened.
 */
import { readBe } from "../../bytes.ts";
import { bit, bits, uint } from "../../cdb.ts";
import { check, good, invalidFieldInCdb, invalidFieldInParameterList } from "../../completion.ts";
import type { Device } from "../../device.ts";
import { chain } from "../../maybe-promise.ts";
import type { Completion, Nexus } from "../../task.ts";
import type { LogPage } from "../log-pages/log-page.ts";
import { logPageControl } from "../log-pages/log-page-values.ts";
import { receiveParameterList } from "../parameter-list.ts";
import { spcCommand } from "./command.ts";

const headerLength = 4;

/** Page code 0 means all pages; SUBPAGE CODE FFh all of a page. */
const meantPages = (device: Device, pageCode: number, subpageCode: number): readonly LogPage[] =>
  device.logPages.filter(
    (page) =>
      pageCode === 0 ||
      (page.pageCode === pageCode &&
        (subpageCode === 0xff || (page.subpageCode ?? 0) === subpageCode)),
  );

/** The others hear LOG PARAMETERS CHANGED. */
function setBack(device: Device, pages: readonly LogPage[], nexus: Nexus): Completion {
  const counting = pages.filter((page) => page.reset !== undefined);
  for (const page of counting) page.reset?.();
  if (counting.length > 0) device.attentions.establishForAll("logParametersChanged", nexus);
  return good();
}

/** Pages without parameters change nothing; the first parameter, or the first unknown page, is refused. */
function listFault(device: Device, list: Uint8Array): Completion | undefined {
  for (let offset = 0; offset < list.length; offset += headerLength) {
    if (offset + headerLength > list.length) return check("parameterListLengthError");
    const subpageCode = (list[offset]! & 0x40) === 0 ? 0 : list[offset + 1]!;
    const pages = meantPages(device, list[offset]! & 0x3f, subpageCode);
    if (pages.length === 0) return invalidFieldInParameterList(offset, 5);
    const length = readBe(list, offset + 2, 2);
    if (length === 0) continue;
    return offset + headerLength + length > list.length
      ? check("parameterListLengthError")
      : invalidFieldInParameterList(offset + headerLength);
  }
  return undefined;
}

export const logSelect = spcCommand({
  name: "LOG SELECT",
  opcode: 0x4c,
  direction: "out",
  cdb: {
    pcr: bit(1, 1),
    sp: bit(1, 0),
    pc: bits(2, 7, 6),
    pageCode: bits(2, 5, 0),
    subpageCode: uint(3, 1),
    parameterListLength: uint(7, 2),
  },
  execute(device, { pcr, sp, pc, pageCode, subpageCode, parameterListLength }, call) {
    if (sp) return check("savingParametersNotSupported");
    if (parameterListLength > 0) {
      if (pcr) return invalidFieldInCdb(1, 1);
      // The list names its pages itself.
      if (pageCode !== 0) return invalidFieldInCdb(2, 5);
      if (subpageCode !== 0) return invalidFieldInCdb(3, 7);
      return chain(receiveParameterList(call, parameterListLength), (list) =>
        list instanceof Uint8Array ? (listFault(device, list) ?? good()) : list,
      );
    }
    const pages = meantPages(device, pageCode, subpageCode);
    if (pages.length === 0) return invalidFieldInCdb(2, 5);
    const resets = pcr || pc === logPageControl.defaultCumulative;
    return resets ? setBack(device, pages, call.nexus) : good();
  },
});
