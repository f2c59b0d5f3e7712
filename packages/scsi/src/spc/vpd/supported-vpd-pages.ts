/** Supported VPD Pages, 00h (SPC-5 7.7.16): the page codes this device answers, in ascending order. */
import type { VpdPage } from "./vpd-page.ts";

export const supportedVpdPages: VpdPage = {
  pageCode: 0x00,
  name: "Supported VPD Pages",
  data: (device) =>
    Uint8Array.from(device.vpdPages.map((page) => page.pageCode).sort((one, other) => one - other)),
};
