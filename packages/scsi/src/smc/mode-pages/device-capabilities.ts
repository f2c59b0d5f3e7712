/** Device Capabilities mode page, 1Fh (SMC-3 7.3.3): between storage, import/export and drives all may move and be exchanged. */
import { fixedModePage } from "../../spc/mode-pages/mode-page.ts";

/** DT, I/E and ST as bits; MT holds a cartridge only while it moves. */
const storing = 0x08 | 0x04 | 0x02;

/** From MT, ST, I/E, DT; then four bytes that mean nothing. */
const capabilities = [0, storing, storing, storing, 0, 0, 0, 0];
const moveMedium = capabilities;
const exchangeMedium = capabilities;

export const deviceCapabilitiesModePage = fixedModePage(0x1f, "Device Capabilities", [
  storing,
  0,
  ...moveMedium,
  ...exchangeMedium,
]);
