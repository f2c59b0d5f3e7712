/** Control Extension mode page, 0Ah/01h (SPC-5 7.5.11). */
import { fixedModeSubpage } from "./mode-page.ts";

/** TCMOS and SCSIP: the clock is set by the world when the device starts, and SET TIMESTAMP goes before it. */
const timestampBits = 0x04 | 0x02;
const length = 28;

/** INITIAL COMMAND PRIORITY zero: there are none. MAXIMUM SENSE DATA LENGTH zero: as much as there is. */
export const controlExtensionModePage = fixedModeSubpage(0x0a, 0x01, "Control Extension", [
  timestampBits,
  ...Array.from<number>({ length: length - 1 }).fill(0),
]);
