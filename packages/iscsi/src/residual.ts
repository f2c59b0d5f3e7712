/** Residual counts (RFC 7143 11.4.5): what a command moved against what the initiator expected. */

export interface Residual {
  readonly overflow: boolean;
  readonly underflow: boolean;
  readonly count: number;
}

/** `expected` is the Expected Data Transfer Length, `used` what the command needed; both in bytes. */
export function residualOf(expected: number, used: number): Residual {
  return {
    overflow: used > expected,
    underflow: used < expected,
    count: Math.abs(used - expected),
  };
}
