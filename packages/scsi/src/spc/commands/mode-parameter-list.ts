/** Reading a mode parameter list (SPC-5 7.5): all of it is checked before any of it takes effect. */
import { readBe } from "../../bytes.ts";
import { check, invalidFieldInParameterList } from "../../completion.ts";
import type { Device } from "../../device.ts";
import type { Completion, Nexus } from "../../task.ts";
import { unchangeableField } from "../mode-pages/mode-page.ts";

export interface ListHeader {
  readonly length: number;
  readonly deviceSpecificOffset: number;
  readonly descriptorLengthOffset: number;
  readonly descriptorLengthWidth: 1 | 2;
}

const shortDescriptorLength = 8;
const subpageFormat = 0x40;

/** A change that has been checked, to be made when the whole list is good. */
type Change = () => void;
type Parsed = { readonly changes: readonly Change[] } | { readonly fault: Completion };

const truncated = (): Parsed => ({ fault: check("parameterListLengthError") });
const invalid = (byte: number, bit?: number): Parsed => ({
  fault: invalidFieldInParameterList(byte, bit),
});

export function parseModeParameterList(
  device: Device,
  list: Uint8Array,
  header: ListHeader,
  nexus: Nexus,
): Parsed {
  if (list.length < header.length) return truncated();
  const deviceSpecific = list[header.deviceSpecificOffset]!;
  const deviceSpecificBit = device.modeHeader.invalidDeviceSpecificBit(deviceSpecific);
  if (deviceSpecificBit !== undefined)
    return invalid(header.deviceSpecificOffset, deviceSpecificBit);
  const changes: Change[] = [() => device.modeHeader.applyDeviceSpecific(deviceSpecific)];
  const { descriptorLengthOffset, descriptorLengthWidth } = header;
  const descriptorLength = readBe(list, descriptorLengthOffset, descriptorLengthWidth);
  const descriptor = parseDescriptor(device, list, header, descriptorLength, nexus);
  if ("fault" in descriptor) return descriptor;
  changes.push(...descriptor.changes);
  let offset = header.length + descriptorLength;
  while (offset < list.length) {
    const page = parsePage(device, list, offset, nexus);
    if ("fault" in page) return page;
    changes.push(...page.changes);
    offset = page.end;
  }
  return { changes };
}

function parseDescriptor(
  device: Device,
  list: Uint8Array,
  header: ListHeader,
  length: number,
  nexus: Nexus,
): Parsed {
  if (length === 0) return { changes: [] };
  const port = device.blockDescriptor;
  if (port === undefined || length !== shortDescriptorLength) {
    return invalid(header.descriptorLengthOffset);
  }
  if (list.length < header.length + length) return truncated();
  const descriptor = list.slice(header.length, header.length + length);
  const wrong = port.invalidByte(descriptor, nexus);
  if (wrong !== undefined) return invalid(header.length + wrong);
  return { changes: [() => port.apply(descriptor)] };
}

type ParsedPage =
  | { readonly changes: readonly Change[]; readonly end: number }
  | { readonly fault: Completion };

function parsePage(device: Device, list: Uint8Array, offset: number, nexus: Nexus): ParsedPage {
  const long = (list[offset]! & subpageFormat) !== 0;
  const headerLength = long ? 4 : 2;
  if (offset + headerLength > list.length) return { fault: check("parameterListLengthError") };
  const subpageCode = long ? list[offset + 1] : undefined;
  const page = device.modePages.find(
    (each) => each.pageCode === (list[offset]! & 0x3f) && each.subpageCode === subpageCode,
  );
  // PS is reserved in MODE SELECT, but lists taken over from MODE SENSE of other devices carry it: not looked at.
  if (page === undefined) return { fault: invalidFieldInParameterList(offset, 5) };
  const length = long ? readBe(list, offset + 2, 2) : list[offset + 1]!;
  if (length !== page.changeable.length && page.acceptsLength?.(length) !== true) {
    return { fault: invalidFieldInParameterList(offset + headerLength - (long ? 2 : 1)) };
  }
  const start = offset + headerLength;
  const end = start + length;
  if (end > list.length) return { fault: check("parameterListLengthError") };
  const data = list.slice(start, end);
  const wrong =
    page.invalidField === undefined
      ? unchangeableField(page.current(nexus), page.changeable, data)
      : page.invalidField(data);
  if (wrong !== undefined)
    return { fault: invalidFieldInParameterList(start + wrong.byte, wrong.bit) };
  // A page as it is changes nothing, so that it cannot take back what another page of the list says of the same.
  if (Buffer.compare(data, page.current(nexus)) === 0) return { changes: [], end };
  return { changes: [() => page.apply?.(data, nexus)], end };
}
