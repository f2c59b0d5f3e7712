/** MODE SENSE(6) and MODE SENSE(10) (SPC-5 6.14, 6.15): one body, two headers. */
import { be, join } from "../../bytes.ts";
import { bit, bits, uint } from "../../cdb.ts";
import { goodData, invalidFieldInCdb } from "../../completion.ts";
import type { Device } from "../../device.ts";
import type { Completion, Nexus } from "../../task.ts";
import { type ModePage, encodeModePage, pageControl } from "../mode-pages/mode-page.ts";
import { spcCommand } from "./command.ts";

const allPages = 0x3f;
const allSubpages = 0xff;

interface Request {
  readonly dbd: boolean;
  readonly pc: number;
  readonly pageCode: number;
  readonly subpageCode: number;
  readonly allocationLength: number;
}

/** The pages asked for, in ascending order; page code 0 asks for none (SSC-5 8.4.1: header and block descriptor only). */
function selectPages(device: Device, { pageCode, subpageCode }: Request) {
  if (pageCode === 0 && subpageCode === 0) return [];
  return device.modePages.filter(
    (page) =>
      (pageCode === allPages || page.pageCode === pageCode) &&
      (subpageCode === allSubpages || (page.subpageCode ?? 0) === subpageCode),
  );
}

function blockDescriptorValues(device: Device, { dbd, pc }: Request): Uint8Array {
  const port = device.blockDescriptor;
  if (dbd || port === undefined) return new Uint8Array();
  if (pc === pageControl.changeable) return port.changeable;
  // Of the block descriptor nothing is saved: it begins with its defaults.
  return pc === pageControl.current ? port.current() : port.defaults;
}

function pageValues(device: Device, page: ModePage, pc: number, nexus: Nexus): Uint8Array {
  if (pc === pageControl.changeable) return page.changeable;
  if (pc === pageControl.defaults) return page.defaults;
  return pc === pageControl.saved
    ? device.primary.savedModePages.valuesOf(page)
    : page.current(nexus);
}

interface Header {
  readonly bodyLengthMax: number;
  readonly encode: (device: Device, bodyLength: number, descriptorLength: number) => Uint8Array;
}

const header6: Header = {
  bodyLengthMax: 0xff - 3,
  encode: ({ modeHeader }, bodyLength, descriptorLength) =>
    join(bodyLength + 3, modeHeader.mediumType(), modeHeader.deviceSpecific(), descriptorLength),
};

const header10: Header = {
  bodyLengthMax: 0xffff - 6,
  encode: ({ modeHeader }, bodyLength, descriptorLength) =>
    join(
      be(bodyLength + 6, 2),
      modeHeader.mediumType(),
      modeHeader.deviceSpecific(),
      be(0, 2),
      be(descriptorLength, 2),
    ),
};

function modeSense(device: Device, request: Request, nexus: Nexus, header: Header): Completion {
  const pages = selectPages(device, request);
  const noneMeant = request.pageCode === 0 && request.subpageCode === 0;
  if (pages.length === 0 && !noneMeant) return invalidFieldInCdb(2, 5);
  const descriptor = blockDescriptorValues(device, request);
  const encoded = pages.map((page) =>
    encodeModePage(page, pageValues(device, page, request.pc, nexus)),
  );
  const body = join(descriptor, ...encoded);
  // MODE DATA LENGTH of MODE SENSE(6) ends at 255: more is asked for by MODE SENSE(10).
  if (body.length > header.bodyLengthMax) return invalidFieldInCdb(2, 5);
  const data = join(header.encode(device, body.length, descriptor.length), body);
  return goodData(data, request.allocationLength);
}

export const modeSense6 = spcCommand({
  name: "MODE SENSE(6)",
  opcode: 0x1a,
  direction: "in",
  reservation: "reads",
  cdb: {
    dbd: bit(1, 3),
    pc: bits(2, 7, 6),
    pageCode: bits(2, 5, 0),
    subpageCode: uint(3, 1),
    allocationLength: uint(4, 1),
  },
  execute: (device, request, { nexus }) => modeSense(device, request, nexus, header6),
});

/** LLBAA asks for long block descriptors, which a device may answer with short ones (SPC-5 6.15). */
export const modeSense10 = spcCommand({
  name: "MODE SENSE(10)",
  opcode: 0x5a,
  direction: "in",
  reservation: "reads",
  cdb: {
    llbaa: bit(1, 4),
    dbd: bit(1, 3),
    pc: bits(2, 7, 6),
    pageCode: bits(2, 5, 0),
    subpageCode: uint(3, 1),
    allocationLength: uint(7, 2),
  },
  execute: (device, request, { nexus }) => modeSense(device, request, nexus, header10),
});
