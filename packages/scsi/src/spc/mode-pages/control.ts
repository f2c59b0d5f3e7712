/** Control mode page, 0Ah (SPC-5 7.5.10). */
import { fixedModePage } from "./mode-page.ts";

/** TAS: a task ended by another nexus is answered with status TASK ABORTED. */
const tas = 0x40;

/** One task set for all nexuses, fixed-format sense data, restricted reordering: commands run in order. */
export const controlModePage = fixedModePage(0x0a, "Control", [0, 0, 0, tas, 0, 0, 0, 0, 0, 0]);
