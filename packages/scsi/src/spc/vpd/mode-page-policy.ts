/** Mode Page Policy, 87h (SPC-5 7.7.9): all mode pages are shared by all nexuses. */
import type { VpdPage } from "./vpd-page.ts";

const allPages = 0x3f;
const allSubpages = 0xff;
const shared = 0x00;

export const modePagePolicy: VpdPage = {
  pageCode: 0x87,
  name: "Mode Page Policy",
  data: () => Uint8Array.of(allPages, allSubpages, shared, 0),
};
