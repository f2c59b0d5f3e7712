/**
 * Informational Exceptions Control mode page, 1Ch (SPC-5 7.5.14, SSC-5 8.3.6): how a TapeAlert flag is told besides the
 * log page. At first not at all (DEXCPT), as drives of libraries have it.
 */
import type { ModePage, ModePageFault } from "./mode-page.ts";

/** MRIE: the ways that do not spoil the answer of a command which went well. */
export const reportingMethod = { none: 0x0, unitAttention: 0x2, onRequest: 0x6 } as const;

export interface ExceptionParameters {
  isDisabled: boolean;
  method: (typeof reportingMethod)[keyof typeof reportingMethod];
}

export const newExceptionParameters = (): ExceptionParameters => ({
  isDisabled: true,
  method: reportingMethod.none,
});

const dexcpt = 0x08;
const mrieMask = 0x0f;
const length = 10;

function encode({ isDisabled, method }: ExceptionParameters): Uint8Array {
  const data = new Uint8Array(length);
  data[0] = isDisabled ? dexcpt : 0;
  data[1] = method;
  return data;
}

const methodOf = (value: number) => Object.values(reportingMethod).find((each) => each === value);

function invalidField(data: Uint8Array): ModePageFault | undefined {
  const wrong = data.findIndex((byte, at) => (byte & ~([dexcpt, mrieMask][at] ?? 0)) !== 0);
  if (wrong >= 0) {
    const bits = data[wrong]! & ~([dexcpt, mrieMask][wrong] ?? 0);
    return { byte: wrong, bit: 31 - Math.clz32(bits) };
  }
  return methodOf(data[1]!) === undefined ? { byte: 1, bit: 3 } : undefined;
}

export const informationalExceptionsModePage = (parameters: ExceptionParameters): ModePage => ({
  pageCode: 0x1c,
  name: "Informational Exceptions Control",
  current: () => encode(parameters),
  defaults: encode(newExceptionParameters()),
  changeable: Uint8Array.of(dexcpt, mrieMask, 0, 0, 0, 0, 0, 0, 0, 0),
  savable: true,
  invalidField,
  apply: (data) => {
    parameters.isDisabled = (data[0]! & dexcpt) !== 0;
    parameters.method = methodOf(data[1]!) ?? reportingMethod.none;
  },
});
