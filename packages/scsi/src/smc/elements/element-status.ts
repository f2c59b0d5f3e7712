/**
 * Element status pages and descriptors (SMC-3 6.11): the data of READ ELEMENT STATUS. A library may have 65,536 elements,
 * so the report is written once, into one array, and only as much of it as was asked for.
 */
import assert from "node:assert/strict";
import { type CartridgeType, cartridgeTypeOf } from "../../ssc/cartridges/cartridge-types.ts";
import { ascii } from "../../bytes.ts";
import { senseConditions } from "../../sense.ts";
import { t10Identifier } from "../../spc/vpd/device-identification.ts";
import type { ChangerModel } from "../models/changer-model.ts";
import type { Element, ElementType } from "../robot.ts";

/** ELEMENT TYPE CODE. */
export const elementTypeCodes = {
  transport: 1,
  storage: 2,
  importExport: 3,
  dataTransfer: 4,
} as const satisfies Record<ElementType, number>;

const flag = {
  full: 0x01,
  impexp: 0x02,
  except: 0x04,
  access: 0x08,
  exenab: 0x10,
  inenab: 0x20,
} as const;
const svalid = 0x80;
const pvoltag = 0x80;
const volumeTagLength = 36;
/** Of these the volume identifier takes 32; volume sequence number 0 follows (SMC-3 6.11.4). */
const volumeIdentifierLength = 32;
const codeSetAscii = 2;
const designatorTypes = { serialNumber: 0, t10: 1 } as const;
const headerLength = 8;
/** Up to the source storage element address, and the head of the device identifier. */
const fixedLength = 12;
const identifierHeadLength = 4;

/** MEDIUM TYPE of a descriptor (SMC-3 6.11.5). */
const mediumTypes: Readonly<Record<CartridgeType["kind"], number>> = {
  data: 1,
  cleaning: 2,
  worm: 4,
};

export interface StatusOptions {
  readonly voltag: boolean;
  readonly dvcid: boolean;
  readonly model: Pick<ChangerModel, "driveIdentifier" | "unloadsDrives">;
  /** Addresses of import/export elements that stand open to the operator. */
  readonly open: ReadonlySet<number>;
}

/** The flags of each type besides FULL. */
const flagsOfType: Readonly<
  Record<ElementType, (element: Element, options: StatusOptions) => number>
> = {
  transport: () => 0,
  storage: () => flag.access,
  dataTransfer: ({ drive }, { model }) => {
    if (drive === undefined) return flag.except;
    if (!drive.accessible) return 0;
    return drive.threaded && !model.unloadsDrives ? 0 : flag.access;
  },
  importExport: ({ address, barcode, enteredByOperator }, { open }) =>
    (open.has(address) ? 0 : flag.access) |
    flag.exenab |
    flag.inenab |
    (barcode !== undefined && enteredByOperator ? flag.impexp : 0),
};

type DriveTold = NonNullable<Element["drive"]>;

/** The same as in the drive's VPD page 83h or 80h, as the library's model names drives. */
function designatorOf(drive: DriveTold, { model }: StatusOptions): Uint8Array {
  const { serialNumber } = drive;
  if (model.driveIdentifier === "t10") return t10Identifier(drive);
  return ascii(serialNumber, serialNumber.length);
}

/** Elements of one type that follow one another, and how long each one's descriptor is. */
interface Page {
  readonly type: ElementType;
  readonly elements: readonly Element[];
  readonly descriptorLength: number;
}

/** Descriptors of one page are equally long: shorter ones are filled up with zeros. */
function pageOf(type: ElementType, elements: readonly Element[], options: StatusOptions): Page {
  let designatorLength = 0;
  if (options.dvcid && type === "dataTransfer") {
    for (const { drive } of elements) {
      const length = drive === undefined ? 0 : designatorOf(drive, options).length;
      designatorLength = Math.max(designatorLength, length);
    }
  }
  const tagLength = options.voltag ? volumeTagLength : 0;
  const descriptorLength = fixedLength + tagLength + identifierHeadLength + designatorLength;
  return { type, elements, descriptorLength };
}

function pagesOf(elements: readonly Element[], options: StatusOptions): readonly Page[] {
  const pages: Page[] = [];
  for (let start = 0; start < elements.length;) {
    const { type } = elements[start]!;
    let end = start;
    while (elements[end]?.type === type) end++;
    pages.push(pageOf(type, elements.slice(start, end), options));
    start = end;
  }
  return pages;
}

function putText(bytes: Uint8Array, offset: number, text: string, length: number): void {
  for (let index = 0; index < length; index++) {
    bytes[offset + index] = index < text.length ? text.charCodeAt(index) & 0xff : 0x20;
  }
}

function writeDescriptor(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  element: Element,
  options: StatusOptions,
): void {
  const { barcode, sourceAddress, drive } = element;
  view.setUint16(at, element.address);
  const full = barcode === undefined ? 0 : flag.full;
  bytes[at + 2] = full | flagsOfType[element.type](element, options);
  if (element.type === "dataTransfer" && drive === undefined) {
    const { asc, ascq } = senseConditions.noDataTransferElement;
    bytes[at + 4] = asc;
    bytes[at + 5] = ascq;
  }
  if (barcode !== undefined) {
    const mediumType = mediumTypes[cartridgeTypeOf(barcode)?.kind ?? "data"];
    bytes[at + 9] = mediumType | (sourceAddress === undefined ? 0 : svalid);
    view.setUint16(at + 10, sourceAddress ?? 0);
  }
  let next = at + fixedLength;
  if (options.voltag) {
    if (barcode !== undefined) putText(bytes, next, barcode, volumeIdentifierLength);
    next += volumeTagLength;
  }
  if (!options.dvcid || drive === undefined) return;
  const designator = designatorOf(drive, options);
  bytes[next] = codeSetAscii;
  bytes[next + 1] = designatorTypes[options.model.driveIdentifier];
  bytes[next + 3] = designator.length;
  bytes.set(designator, next + identifierHeadLength);
}

/** How many descriptors of a page fit into `room` bytes behind its header. */
const fitting = ({ elements, descriptorLength }: Page, room: number): number =>
  Math.max(0, Math.min(elements.length, Math.floor((room - headerLength) / descriptorLength)));

/** Writes as many pages and whole descriptors as there is room for; answers where it stopped. */
function writePages(bytes: Uint8Array, pages: readonly Page[], options: StatusOptions): number {
  const view = new DataView(bytes.buffer);
  let at = headerLength;
  for (const page of pages) {
    const { type, elements, descriptorLength } = page;
    const count = fitting(page, bytes.length - at);
    if (count === 0) break;
    bytes[at] = elementTypeCodes[type];
    bytes[at + 1] = options.voltag ? pvoltag : 0;
    view.setUint16(at + 2, descriptorLength);
    // BYTE COUNT is 24 bits, and counts the page's descriptors whether there was room for them or not.
    view.setUint32(at + 4, elements.length * descriptorLength);
    at += headerLength;
    for (let index = 0; index < count; index++, at += descriptorLength) {
      writeDescriptor(bytes, view, at, elements[index]!, options);
    }
    if (count < elements.length) break;
  }
  return at;
}

const byteCountMax = 0xff_ffff;

/**
 * The report on elements that are in order of address, so that each type's are together, as far as the allocation length
 * goes: no half element is reported (SMC-3 6.11.1). `fifthByte` is reserved, or says which search the report answers.
 */
export function elementStatusData(
  elements: readonly Element[],
  options: StatusOptions,
  allocationLength: number,
  fifthByte = 0,
): Uint8Array {
  const pages = pagesOf(elements, options);
  const bodyLength = pages.reduce(
    (sum, { elements: those, descriptorLength }) =>
      sum + headerLength + those.length * descriptorLength,
    0,
  );
  assert(bodyLength <= byteCountMax, "a library's report is longer than its byte count can say");
  const bytes = new Uint8Array(
    Math.max(headerLength, Math.min(allocationLength, headerLength + bodyLength)),
  );
  const view = new DataView(bytes.buffer);
  view.setUint16(0, elements[0]?.address ?? 0);
  view.setUint16(2, elements.length);
  view.setUint32(4, bodyLength);
  bytes[4] = fifthByte;
  const end = writePages(bytes, pages, options);
  return bytes.subarray(0, Math.min(end, allocationLength));
}
