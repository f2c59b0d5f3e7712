/** Serial number arithmetic on 32 bits (RFC 1982), for CmdSN and StatSN (RFC 7143 4.2.2.1). */

/** `a` comes after `b`. */
export const isAfter = (a: number, b: number): boolean => {
  const distance = (a - b) >>> 0;
  return distance !== 0 && distance < 0x8000_0000;
};

export const next = (number: number): number => (number + 1) >>> 0;
