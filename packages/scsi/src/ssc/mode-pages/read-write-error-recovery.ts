/** Read-Write Error Recovery mode page, 01h (SSC-5 8.3.5): recovery is the drive's own affair, and never tried by count. */
import { fixedModePage } from "../../spc/mode-pages/mode-page.ts";

export const readWriteErrorRecoveryModePage = fixedModePage(
  0x01,
  "Read-Write Error Recovery",
  Array.from<number>({ length: 10 }).fill(0),
);
