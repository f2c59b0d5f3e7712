/** Mode Page Policy, 87h (SPC-5 7.7.9): mode pages are shared by all nexuses, but for those that name themselves. */
import { join } from "../../bytes.ts";
import type { VpdPage } from "./vpd-page.ts";

const allPages = 0x3f;
const allSubpages = 0xff;
const shared = 0x00;
const perNexus = 0x03;

export const modePagePolicy: VpdPage = {
  pageCode: 0x87,
  name: "Mode Page Policy",
  data: ({ modePages }) =>
    join(
      ...modePages
        .filter((page) => page.perNexus === true)
        .map((page) => Uint8Array.of(page.pageCode, page.subpageCode ?? 0, perNexus, 0)),
      Uint8Array.of(allPages, allSubpages, shared, 0),
    ),
};
