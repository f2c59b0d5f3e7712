/** TransportIDs of iSCSI initiator ports (SPC-5 7.6.4.6). */
import { be, join, readBe } from "../../bytes.ts";

const protocolIscsi = 0x05;
const protocolMask = 0x0f;
/** TPID FORMAT: the name of the initiator device, or of one of its ports (`<name>,i,0x<ISID>`). */
const format = { device: 0x00, port: 0x40 } as const;
const formatMask = 0xc0;
const headerLength = 4;
const additionalLengthMin = 20;

/** The TransportID of an initiator port. */
export function encodeTransportId(portName: string): Uint8Array {
  const text = Buffer.from(portName, "utf8");
  const length = Math.max(additionalLengthMin, Math.ceil((text.length + 1) / 4) * 4);
  const padded = new Uint8Array(length);
  padded.set(text);
  return join(format.port | protocolIscsi, 0, be(length, 2), padded);
}

export interface TransportId {
  /** Name of an initiator port, or of the device when `ofPort` is false; in lower case, as iSCSI names are. */
  readonly name: string;
  readonly ofPort: boolean;
  /** Bytes it takes in the list. */
  readonly length: number;
}

/** Reads the TransportID at `offset`; undefined when it is none of iSCSI or not whole. */
export function decodeTransportId(list: Uint8Array, offset: number): TransportId | undefined {
  if (offset + headerLength > list.length) return undefined;
  const first = list[offset]!;
  const form = first & formatMask;
  if ((first & protocolMask) !== protocolIscsi) return undefined;
  if (form !== format.device && form !== format.port) return undefined;
  const additional = readBe(list, offset + 2, 2);
  const length = headerLength + additional;
  if (additional < additionalLengthMin || additional % 4 !== 0) return undefined;
  if (offset + length > list.length) return undefined;
  const bytes = list.subarray(offset + headerLength, offset + length);
  const end = bytes.indexOf(0);
  if (end <= 0) return undefined;
  const name = Buffer.from(bytes.subarray(0, end)).toString("utf8").toLowerCase();
  const ofPort = form === format.port;
  return ofPort === name.includes(",i,0x") ? { name, ofPort, length } : undefined;
}
