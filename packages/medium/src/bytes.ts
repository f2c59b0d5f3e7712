/** Big-endian fields and checksums, as every structure of the format uses them. */
import assert from "node:assert/strict";
import { crc32c } from "@node-rs/crc32";

/** CRC-32C (Castagnoli, RFC 7143 12.1) of `views`, going on from `previous`. */
export const crc32cOf = (views: readonly Uint8Array[], previous = 0): number => {
  let crc = previous;
  for (const view of views) crc = crc32c(view, crc);
  return crc;
};

const high = 2 ** 32;

/** 64-bit counts are JavaScript numbers here: exact to 2^53, which is 9 PB or 9 * 10^15 objects. */
export const readU64 = (bytes: Buffer, offset: number): number => {
  const value = bytes.readUInt32BE(offset) * high + bytes.readUInt32BE(offset + 4);
  assert(Number.isSafeInteger(value), "a 64-bit field past 2^53 cannot be ours");
  return value;
};

export const writeU64 = (bytes: Buffer, value: number, offset: number): void => {
  bytes.writeUInt32BE(Math.floor(value / high), offset);
  bytes.writeUInt32BE(value % high, offset + 4);
};

/** Whether the last four bytes are the CRC-32C of those before them. */
export const sealIsValid = (bytes: Buffer): boolean =>
  bytes.readUInt32BE(bytes.length - 4) === crc32cOf([bytes.subarray(0, bytes.length - 4)]);

/** Writes the CRC-32C of all but the last four bytes into the last four. */
export const sealBytes = (bytes: Buffer): Buffer => {
  bytes.writeUInt32BE(crc32cOf([bytes.subarray(0, bytes.length - 4)]), bytes.length - 4);
  return bytes;
};

/** A Buffer on the same bytes; nothing is copied. */
export const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** A UUID's 16 bytes, and back. */
export const uuidBytes = (uuid: string): Buffer => Buffer.from(uuid.replaceAll("-", ""), "hex");
export const uuidText = (bytes: Uint8Array): string =>
  asBuffer(bytes)
    .toString("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
