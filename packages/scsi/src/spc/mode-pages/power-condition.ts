/** Power Condition mode page, 1Ah (SPC-5 7.5.13): no timer runs, there is nothing to spin down. */
import { fixedModePage } from "./mode-page.ts";

const length = 38;

export const powerConditionModePage = fixedModePage(
  0x1a,
  "Power Condition",
  Array.from<number>({ length }).fill(0),
);
