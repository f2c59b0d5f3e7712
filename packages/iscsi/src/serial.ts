/** 32-bit serial number arithmetic (RFC 1982) for CmdSN, StatSN and DataSN, as RFC 7143 4.2.2.1 asks. */

/** The serial number `count` steps after `serial`; `count` may be negative. */
export function serialAdd(serial: number, count: number): number {
  return (serial + count) >>> 0;
}

/** Steps from `from` to `to`, -2^31 to 2^31 - 1: positive when `to` is later. */
export function serialDistance(from: number, to: number): number {
  return (to - from) | 0;
}

/** True when `left` comes before `right`. Numbers exactly 2^31 apart compare as before, in both directions. */
export function serialLess(left: number, right: number): boolean {
  return serialDistance(left, right) > 0 || serialDistance(left, right) === -(2 ** 31);
}
