/** Log pages (SPC-5 7.3): a row each, and the parameters they are made of. */
import { be, join } from "../../bytes.ts";
import type { Nexus } from "../../task.ts";

export interface LogParameter {
  readonly code: number;
  readonly value: Uint8Array;
  /** FORMAT AND LINKING: a counter (00b), ASCII list (01b) or binary list (11b); see SPC-5 7.3.2.2. */
  readonly format: "counter" | "ascii" | "binary";
}

export interface LogPage {
  readonly pageCode: number;
  /** Present in pages of the subpage format. */
  readonly subpageCode?: number;
  readonly name: string;
  /** In ascending order of code. `nexus` asks: what is told once to each nexus counts as told. */
  parameters(nexus: Nexus): readonly LogParameter[];
  /** LOG SELECT sets its counters or flags back; a page without it has nothing to set back. */
  reset?(): void;
}

const controlBytes = { counter: 0x02, ascii: 0x01, binary: 0x03 } as const;

export const counter = (code: number, value: number, width: number): LogParameter => ({
  code,
  value: be(value, width),
  format: "counter",
});

/** A counter that stops at the highest value of its field (SPC-5 7.3.2.2); fractions are cut off. */
export function clampedCounter(code: number, value: number, width: 1 | 2 | 4 | 6 | 8) {
  const max = width > 6 ? Number.MAX_SAFE_INTEGER : 2 ** (8 * width) - 1;
  return counter(code, Math.min(Math.floor(value), max), width);
}

export const text = (code: number, value: Uint8Array): LogParameter => ({
  code,
  value,
  format: "ascii",
});

export const binary = (code: number, value: Uint8Array): LogParameter => ({
  code,
  value,
  format: "binary",
});

export function encodeLogParameter({ code, value, format }: LogParameter): Uint8Array {
  return join(be(code, 2), controlBytes[format], value.length, value);
}
