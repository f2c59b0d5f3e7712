/** Extended Device Capabilities mode page, 1Fh/41h (SMC-3): import/export elements can be locked, two cartridges change places. */
import { type ModePage, fixedModePage } from "../../spc/mode-pages/mode-page.ts";

const lckie = 0x02;
const trexc = 0x04;

const pageLength = 16;
const data = new Uint8Array(pageLength);
data[2] = trexc | lckie;

export const extendedDeviceCapabilitiesModePage: ModePage = {
  ...fixedModePage(0x1f, "Extended Device Capabilities", [...data]),
  subpageCode: 0x41,
};
