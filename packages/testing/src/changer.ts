/** A medium changer as a backup program uses it (SMC-3), on top of the initiator. */
import type { CommandResult } from "./initiator/command-task.ts";
import { ScsiDevice } from "./scsi-device.ts";

/** Element type codes of READ ELEMENT STATUS. */
const ELEMENT_TYPES = {
  1: "transport",
  2: "storage",
  3: "importExport",
  4: "dataTransfer",
} as const;
export type ChangerElementType = (typeof ELEMENT_TYPES)[keyof typeof ELEMENT_TYPES];

export interface ChangerElement {
  readonly address: number;
  readonly type: ChangerElementType;
  readonly full: boolean;
  /** A cartridge may be put there or taken from there by the changer. */
  readonly access: boolean;
  /** ASC and ASCQ of an element that is not as it should be. */
  readonly exception: { readonly asc: number; readonly ascq: number } | undefined;
  readonly barcode: string | undefined;
  /** The storage element the cartridge came from, when SVALID says so. */
  readonly sourceAddress: number | undefined;
  /** The identification descriptor (DVCID), as text; drives only, when the changer gives it. */
  readonly deviceIdentifier: string | undefined;
}

/** Everything a library of the largest size answers in one piece: 65,535 elements of 100 bytes would be more, ours is not. */
const ALLOCATION_BYTES = 256 * 1024;
const HEADER_BYTES = 8;
const VOLUME_TAG_BYTES = 36;

const elementType = (code: number): ChangerElementType => {
  if (code === 1 || code === 2 || code === 3 || code === 4) return ELEMENT_TYPES[code];
  throw new Error(`READ ELEMENT STATUS told of element type ${code}`);
};

const parseDescriptor = (
  bytes: Buffer,
  type: ChangerElementType,
  tagged: boolean,
): ChangerElement => {
  const flags = bytes.readUInt8(2);
  // An element without a cartridge has blanks here, or zeroes.
  const tag = bytes.toString("latin1", 12, 12 + 32).replace(/[\0 ]+$/, "");
  const identifier = bytes.subarray(12 + (tagged ? VOLUME_TAG_BYTES : 0));
  const identifierBytes = identifier[3] ?? 0;
  const sourceValid = (bytes.readUInt8(9) & 0x80) !== 0;
  return {
    address: bytes.readUInt16BE(0),
    type,
    full: (flags & 0x01) !== 0,
    access: (flags & 0x08) !== 0,
    exception:
      (flags & 0x04) === 0 ? undefined : { asc: bytes.readUInt8(4), ascq: bytes.readUInt8(5) },
    barcode: tagged && tag !== "" ? tag : undefined,
    sourceAddress: sourceValid ? bytes.readUInt16BE(10) : undefined,
    deviceIdentifier:
      type === "dataTransfer" && identifierBytes > 0
        ? identifier.toString("latin1", 4, 4 + identifierBytes).trim()
        : undefined,
  };
};

/** Parses the answer of READ ELEMENT STATUS (SMC-3 6.11). */
export const parseElementStatus = (data: Buffer): ChangerElement[] => {
  const elements: ChangerElement[] = [];
  const end = Math.min(data.length, HEADER_BYTES + data.readUIntBE(5, 3));
  let at = HEADER_BYTES;
  while (at + HEADER_BYTES <= end) {
    const type = elementType(data.readUInt8(at));
    const tagged = (data.readUInt8(at + 1) & 0x80) !== 0;
    const descriptorBytes = data.readUInt16BE(at + 2);
    const pageEnd = at + HEADER_BYTES + data.readUIntBE(at + 5, 3);
    if (descriptorBytes < 12) throw new Error(`element descriptors of ${descriptorBytes} bytes`);
    at += HEADER_BYTES;
    for (; at + descriptorBytes <= Math.min(pageEnd, end); at += descriptorBytes)
      elements.push(parseDescriptor(data.subarray(at, at + descriptorBytes), type, tagged));
    at = pageEnd;
  }
  return elements;
};

export class Changer extends ScsiDevice {
  /** Every element, in the order the changer tells them. `deviceIdentifiers` asks for DVCID. */
  async elements(options: { deviceIdentifiers?: boolean } = {}): Promise<ChangerElement[]> {
    const cdb = Buffer.alloc(12);
    cdb[0] = 0xb8;
    cdb[1] = 0x10;
    cdb.writeUInt16BE(0xffff, 4);
    cdb[6] = options.deviceIdentifiers === true ? 0x01 : 0x00;
    cdb.writeUIntBE(ALLOCATION_BYTES, 7, 3);
    const length = { dataInLength: ALLOCATION_BYTES };
    const { data } = await this.good("READ ELEMENT STATUS", cdb, length);
    return parseElementStatus(data);
  }

  /** MOVE MEDIUM, by the changer's default transport element. Throws ScsiError. */
  move(sourceAddress: number, destinationAddress: number): Promise<CommandResult> {
    const cdb = Buffer.alloc(12);
    cdb[0] = 0xa5;
    cdb.writeUInt16BE(sourceAddress, 4);
    cdb.writeUInt16BE(destinationAddress, 6);
    return this.good("MOVE MEDIUM", cdb);
  }

  /** INITIALIZE ELEMENT STATUS. */
  initialize(): Promise<CommandResult> {
    return this.good("INITIALIZE ELEMENT STATUS", [0x07, 0, 0, 0, 0, 0]);
  }

  /** Where the cartridge is. Throws when it is in no element. */
  async find(barcode: string): Promise<ChangerElement> {
    const found = (await this.elements()).find((element) => element.barcode === barcode);
    if (found === undefined) throw new Error(`the library has no cartridge ${barcode}`);
    return found;
  }

  /** Elements of a type, only the empty or the full ones when told. */
  async ofType(type: ChangerElementType, full?: boolean): Promise<ChangerElement[]> {
    return (await this.elements()).filter(
      (element) => element.type === type && (full === undefined || element.full === full),
    );
  }

  /** Moves a cartridge into a drive, the first empty one unless an address is told; answers the drive's address. */
  async load(barcode: string, driveAddress?: number): Promise<number> {
    const cartridge = await this.find(barcode);
    const drive = driveAddress ?? (await this.ofType("dataTransfer", false))[0]?.address;
    if (drive === undefined) throw new Error("every drive has a cartridge");
    if (cartridge.address !== drive) await this.move(cartridge.address, drive);
    return drive;
  }

  /** Puts a cartridge back: to the element it came from when that is empty, else to the first empty storage element. */
  async store(barcode: string): Promise<number> {
    const cartridge = await this.find(barcode);
    const empty = await this.ofType("storage", false);
    const home = empty.find((element) => element.address === cartridge.sourceAddress) ?? empty[0];
    if (home === undefined) throw new Error("every storage element is full");
    await this.move(cartridge.address, home.address);
    return home.address;
  }
}
