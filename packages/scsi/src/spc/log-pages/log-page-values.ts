/** What PC of LOG SENSE asks for (SPC-5 6.9, table 156): counters have four values, lists one. */
import type { LogParameter } from "./log-page.ts";

/** PC field of LOG SENSE and LOG SELECT. */
export const logPageControl = {
  threshold: 0b00,
  cumulative: 0b01,
  defaultThreshold: 0b10,
  defaultCumulative: 0b11,
} as const;

/** No counter has a threshold that it could meet: the highest value stands for none. Counters begin with zero. */
const fillOf: ReadonlyMap<number, number> = new Map([
  [logPageControl.threshold, 0xff],
  [logPageControl.defaultThreshold, 0xff],
  [logPageControl.defaultCumulative, 0x00],
]);

export function controlledValue(parameter: LogParameter, control: number): LogParameter {
  const fill = fillOf.get(control);
  if (fill === undefined || parameter.format !== "counter") return parameter;
  return { ...parameter, value: new Uint8Array(parameter.value.length).fill(fill) };
}
