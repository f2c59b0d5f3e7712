/** The enciphered block as it lies on the medium; its bytes are drawn in DESIGN.md, "The enciphered block". */
import { joinBuffer } from "../../bytes.ts";
import { gather } from "../blocks/block-views.ts";
import { algorithmIndex } from "./algorithm.ts";
import {
  type KeyAssociatedData,
  authentication,
  encodeKads,
  kadListLengthMax,
  parseKads,
} from "./key-associated-data.ts";

const magic = Buffer.from("RHEB", "latin1");
const version = 1;
const rawDisabledFlag = 0x01;

export const saltLength = 16;
export const checkLength = 8;
export const ivLength = 12;
export const tagLength = 16;

const at = {
  version: 4,
  algorithmIndex: 5,
  flags: 6,
  kadFormat: 7,
  salt: 8,
  check: 8 + saltLength,
  kadListLength: 8 + saltLength + checkLength,
} as const;
const fixedLength = at.kadListLength + 2;

/** EXTERNAL, IV and tag: what comes between the authenticated part and the cipher text. */
const suffixLength = 1 + ivLength + tagLength;

/** Most bytes a container has more than its block. */
export const containerOverheadMax = fixedLength + kadListLengthMax + suffixLength;

/** What all blocks of one set of parameters have in common; authenticated with each of them. */
export interface ContainerPrefix {
  readonly rawDisabled: boolean;
  readonly kadFormat: number;
  readonly kads: readonly KeyAssociatedData[];
  readonly salt: Uint8Array;
  /** Tells a wrong key from damaged data. */
  readonly check: Uint8Array;
}

export interface ContainerHeader extends ContainerPrefix {
  /** The bytes of the prefix: the additional authenticated data. */
  readonly authenticated: Uint8Array;
  /** The host wrote it as a whole, in EXTERNAL mode. */
  readonly external: boolean;
  readonly iv: Uint8Array;
  readonly tag: Uint8Array;
  /** Where the cipher text begins. */
  readonly length: number;
}

export function encodePrefix(prefix: ContainerPrefix): Buffer {
  const kads = encodeKads(prefix.kads, () => authentication.none);
  const bytes = Buffer.alloc(fixedLength);
  magic.copy(bytes);
  bytes[at.version] = version;
  bytes[at.algorithmIndex] = algorithmIndex;
  bytes[at.flags] = prefix.rawDisabled ? rawDisabledFlag : 0;
  bytes[at.kadFormat] = prefix.kadFormat;
  bytes.set(prefix.salt, at.salt);
  bytes.set(prefix.check, at.check);
  bytes.writeUInt16BE(kads.length, at.kadListLength);
  return joinBuffer(bytes, kads);
}

export const headerLengthOf = (prefix: Uint8Array): number => prefix.length + suffixLength;

export function encodeHeader(prefix: Uint8Array, iv: Uint8Array, tag: Uint8Array): Buffer {
  return joinBuffer(prefix, 0, iv, tag);
}

/** The header of a container, or undefined when the bytes are none of a version known here. */
export function parseHeader(views: readonly Uint8Array[]): ContainerHeader | undefined {
  const bytes = gather(views, containerOverheadMax);
  if (bytes.length < fixedLength || !bytes.subarray(0, magic.length).equals(magic))
    return undefined;
  if (bytes[at.version] !== version || bytes[at.algorithmIndex] !== algorithmIndex)
    return undefined;
  const prefixLength = fixedLength + bytes.readUInt16BE(at.kadListLength);
  const length = prefixLength + suffixLength;
  if (length > bytes.length) return undefined;
  const parsed = parseKads(bytes.subarray(fixedLength, prefixLength));
  if ("invalidByte" in parsed) return undefined;
  return {
    rawDisabled: (bytes[at.flags]! & rawDisabledFlag) !== 0,
    kadFormat: bytes[at.kadFormat]!,
    kads: parsed.kads,
    salt: bytes.subarray(at.salt, at.check),
    check: bytes.subarray(at.check, at.kadListLength),
    authenticated: bytes.subarray(0, prefixLength),
    external: bytes[prefixLength] !== 0,
    iv: bytes.subarray(prefixLength + 1, prefixLength + 1 + ivLength),
    tag: bytes.subarray(length - tagLength, length),
    length,
  };
}

/** The header's bytes with EXTERNAL set, for a container that a host hands in. */
export function markedExternal(header: ContainerHeader): Buffer {
  const bytes = encodeHeader(header.authenticated, header.iv, header.tag);
  bytes[header.authenticated.length] = 1;
  return bytes;
}
