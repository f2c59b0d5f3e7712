/** The 48-byte Basic Header Segment (RFC 7143 11.2.1): what all PDUs have in common, and the opcodes. */
import { bits, flag, uint24, uint8 } from "./fields.ts";

/** Bytes of a Basic Header Segment. */
export const BHS_BYTES = 48;
/** Bytes of a header or data digest (RFC 7143 11.2.3). */
export const DIGEST_BYTES = 4;
/** TotalAHSLength counts four-byte words in one byte. */
export const AHS_BYTES_MAX = 255 * 4;
/** Segments end on this boundary (RFC 7143 11.1). */
export const PAD_BYTES = 4;
/** "No task", in the Initiator or Target Transfer Tag. */
export const TAG_NONE = 0xffffffff;

/** Opcodes an initiator sends (RFC 7143 11.2.1.2). */
export const initiatorOpcodes = {
  NopOut: 0x00,
  ScsiCommand: 0x01,
  TaskManagementRequest: 0x02,
  LoginRequest: 0x03,
  TextRequest: 0x04,
  DataOut: 0x05,
  LogoutRequest: 0x06,
  SnackRequest: 0x10,
} as const;

/** Opcodes a target sends. */
export const targetOpcodes = {
  NopIn: 0x20,
  ScsiResponse: 0x21,
  TaskManagementResponse: 0x22,
  LoginResponse: 0x23,
  TextResponse: 0x24,
  DataIn: 0x25,
  LogoutResponse: 0x26,
  R2T: 0x31,
  AsyncMessage: 0x32,
  Reject: 0x3f,
} as const;

/** The fields every BHS has. */
export const bhsFields = {
  immediate: flag(0, 6),
  opcode: bits(0, 0, 6),
  totalAhsLength: uint8(4),
  dataSegmentLength: uint24(5),
} as const;

/** Zero bytes that follow a segment of `byteLength` bytes. */
export function padBytes(byteLength: number): number {
  return (PAD_BYTES - (byteLength % PAD_BYTES)) % PAD_BYTES;
}
