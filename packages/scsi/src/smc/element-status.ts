/** Element status pages and descriptors (SMC-3 6.11): the data of READ ELEMENT STATUS. */
import { ascii, be, join, readBe } from "../bytes.ts";
import { t10Identifier } from "../spc/vpd/device-identification.ts";
import type { Element, ElementType } from "./robot.ts";

/** ELEMENT TYPE CODE. */
export const elementTypeCodes = {
  transport: 1,
  storage: 2,
  importExport: 3,
  dataTransfer: 4,
} as const satisfies Record<ElementType, number>;

const flag = { full: 0x01, impexp: 0x02, access: 0x08, exenab: 0x10, inenab: 0x20 } as const;
const svalid = 0x80;
const mediumTypeData = 0x01;
const pvoltag = 0x80;
const volumeTagLength = 36;
const codeSetAscii = 2;
const designatorT10VendorId = 1;
const headerLength = 8;

export interface StatusOptions {
  readonly voltag: boolean;
  readonly dvcid: boolean;
}

/** The flags of each type besides FULL. */
const flagsOfType: Readonly<Record<ElementType, (element: Element) => number>> = {
  transport: () => 0,
  storage: () => flag.access,
  dataTransfer: ({ drive }) => (drive?.accessible === true ? flag.access : 0),
  importExport: ({ barcode, enteredByOperator }) =>
    flag.access |
    flag.exenab |
    flag.inenab |
    (barcode !== undefined && enteredByOperator ? flag.impexp : 0),
};

const elementFlags = (element: Element): number =>
  (element.barcode === undefined ? 0 : flag.full) | flagsOfType[element.type](element);

/** Primary volume tag: 32 characters, and volume sequence number 0 (SMC-3 6.11.4). */
function volumeTag({ barcode }: Element): Uint8Array {
  const tag = new Uint8Array(volumeTagLength);
  if (barcode !== undefined) tag.set(ascii(barcode, volumeTagLength - 4));
  return tag;
}

/** Code set, designator type and the drive's own T10 designator, the same as in its VPD page 83h. */
function identifier({ drive }: Element, dvcid: boolean): Uint8Array {
  if (!dvcid || drive === undefined) return new Uint8Array(4);
  const designator = t10Identifier(drive);
  return join(codeSetAscii, designatorT10VendorId, 0, designator.length, designator);
}

function descriptor(element: Element, { voltag, dvcid }: StatusOptions): Uint8Array {
  const { barcode, sourceAddress } = element;
  const sourceKnown = barcode !== undefined && sourceAddress !== undefined;
  return join(
    be(element.address, 2),
    elementFlags(element),
    new Uint8Array(6),
    (sourceKnown ? svalid : 0) | (barcode === undefined ? 0 : mediumTypeData),
    be(sourceKnown ? sourceAddress : 0, 2),
    voltag ? volumeTag(element) : new Uint8Array(),
    identifier(element, dvcid),
  );
}

/** Descriptors of one page are equally long: shorter ones are filled up with zeros. */
function statusPage(
  type: ElementType,
  elements: readonly Element[],
  options: StatusOptions,
): Uint8Array {
  const descriptors = elements.map((element) => descriptor(element, options));
  const length = Math.max(...descriptors.map((each) => each.length));
  const padded = descriptors.map((each) => join(each, new Uint8Array(length - each.length)));
  return join(
    elementTypeCodes[type],
    options.voltag ? pvoltag : 0,
    be(length, 2),
    0,
    be(padded.length * length, 3),
    ...padded,
  );
}

/** The whole report; elements are in order of address, so each type's are together. */
export function elementStatusData(
  elements: readonly Element[],
  options: StatusOptions,
): Uint8Array {
  const pages: Uint8Array[] = [];
  for (let start = 0; start < elements.length;) {
    const { type } = elements[start]!;
    let end = start;
    while (elements[end]?.type === type) end++;
    pages.push(statusPage(type, elements.slice(start, end), options));
    start = end;
  }
  const body = join(...pages);
  const firstAddress = elements[0]?.address ?? 0;
  return join(be(firstAddress, 2), be(elements.length, 2), 0, be(body.length, 3), body);
}

/** Cut to the allocation length at the end of a descriptor: no half element is reported (SMC-3 6.11.1). */
export function cutAtDescriptor(data: Uint8Array, allocationLength: number): Uint8Array {
  if (data.length <= allocationLength) return data;
  let kept = Math.min(headerLength, allocationLength);
  for (let page = headerLength; page < data.length;) {
    const descriptorLength = readBe(data, page + 2, 2);
    const descriptors = readBe(data, page + 5, 3);
    const room = allocationLength - page - headerLength;
    const fitting = Math.min(descriptors, Math.floor(room / descriptorLength) * descriptorLength);
    if (fitting <= 0) break;
    kept = page + headerLength + fitting;
    if (fitting < descriptors) break;
    page = kept;
  }
  return data.subarray(0, kept);
}
