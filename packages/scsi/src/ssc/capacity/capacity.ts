/** Where early warning lies and where the medium ends (SSC-5 4.2.4), in bytes of `Position.byteOffset`. */
import { blockLengthMax } from "../limits.ts";

const mebibyte = 1024 * 1024;

/** On large tapes: enough to close the trailers of any backup program, and small beside 100 GiB. */
const earlyWarningBytesMax = 512 * mebibyte;

/** Filemarks find room after the last block, so that a file can be closed on a full tape. */
export const filemarkReserveBytes = mebibyte;

/**
 * Bytes before the end at which early warning begins. A twentieth of the tape, at least two of the largest blocks (so
 * that no write can jump over the zone), but never more than a quarter of a small tape.
 */
export function earlyWarningBytes(capacityBytes: number): number {
  const twentieth = Math.min(Math.floor(capacityBytes / 20), earlyWarningBytesMax);
  return Math.min(Math.floor(capacityBytes / 4), Math.max(2 * blockLengthMax, twentieth));
}

export function isPastEarlyWarning(capacityBytes: number, byteOffset: number): boolean {
  return byteOffset >= capacityBytes - earlyWarningBytes(capacityBytes);
}

/** How many of `count` blocks of `blockLength` bytes begin and end on the medium. */
export function blocksThatFit(
  capacityBytes: number,
  byteOffset: number,
  blockLength: number,
  count: number,
): number {
  const room = Math.max(0, capacityBytes - byteOffset);
  // A block that is nothing but protection information takes no bytes; it is refused when it is here.
  return Math.min(count, Math.floor(room / Math.max(1, blockLength)));
}
