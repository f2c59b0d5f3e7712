/** MODE SELECT(6) and MODE SELECT(10) (SPC-5 6.12, 6.13): what MODE SENSE gives, they take back. */
import { join } from "../../bytes.ts";
import type { Call } from "../../call.ts";
import { bit, uint } from "../../cdb.ts";
import { good } from "../../completion.ts";
import type { Device } from "../../device.ts";
import { chain } from "../../maybe-promise.ts";
import type { Completion, MaybePromise, Nexus } from "../../task.ts";
import { answerWhenKept } from "../keeping.ts";
import { receiveParameterList } from "../parameter-list.ts";
import { spcCommand } from "./command.ts";
import { type ListHeader, parseModeParameterList } from "./mode-parameter-list.ts";

const header6: ListHeader = {
  length: 4,
  deviceSpecificOffset: 2,
  descriptorLengthOffset: 3,
  descriptorLengthWidth: 1,
};
const header10: ListHeader = {
  length: 8,
  deviceSpecificOffset: 3,
  descriptorLengthOffset: 6,
  descriptorLengthWidth: 2,
};

function modeSelect(
  device: Device,
  { sp, parameterListLength }: { readonly sp: boolean; readonly parameterListLength: number },
  call: Call,
  header: ListHeader,
): MaybePromise<Completion> {
  if (parameterListLength === 0) return good();
  return chain(receiveParameterList(call, parameterListLength), (list) => {
    if (!(list instanceof Uint8Array)) return list;
    const parsed = parseModeParameterList(device, list, header, call.nexus);
    if ("fault" in parsed) return parsed.fault;
    const before = sharedParameters(device, call.nexus);
    for (const change of parsed.changes) change();
    if (Buffer.compare(before, sharedParameters(device, call.nexus)) !== 0) {
      device.attentions.establishForAll("modeParametersChanged", call.nexus);
    }
    return chain(device.modeParametersApplied(call), (fault) => {
      if (fault !== undefined || !sp) return fault ?? good();
      return answerWhenKept(device.primary.savedModePages.save(device.modePages));
    });
  });
}

/** All that can change for others too, to see whether it did. */
function sharedParameters(device: Device, nexus: Nexus): Uint8Array {
  const descriptor = device.blockDescriptor?.current() ?? new Uint8Array();
  const shared = device.modePages.filter((page) => page.perNexus !== true);
  const pages = shared.map((page) => page.current(nexus));
  return join(device.modeHeader.deviceSpecific(), descriptor, ...pages);
}

/** PF may be zero: the pages are of the standard's format either way. SP saves all savable pages as they are then. */
export const modeSelect6 = spcCommand({
  name: "MODE SELECT(6)",
  opcode: 0x15,
  direction: "out",
  cdb: { pf: bit(1, 4), sp: bit(1, 0), parameterListLength: uint(4, 1) },
  execute: (device, fields, call) => modeSelect(device, fields, call, header6),
});

export const modeSelect10 = spcCommand({
  name: "MODE SELECT(10)",
  opcode: 0x55,
  direction: "out",
  cdb: { pf: bit(1, 4), sp: bit(1, 0), parameterListLength: uint(7, 2) },
  execute: (device, fields, call) => modeSelect(device, fields, call, header10),
});
