/** Informational Exceptions Control mode page, 1Ch (SPC-5 7.5.15): TapeAlert is polled by LOG SENSE, never reported by sense (DEXCPT). */
import { fixedModePage } from "./mode-page.ts";

const dexcpt = 0x08;

export const informationalExceptionsModePage = fixedModePage(
  0x1c,
  "Informational Exceptions Control",
  [dexcpt, 0, 0, 0, 0, 0, 0, 0, 0, 0],
);
