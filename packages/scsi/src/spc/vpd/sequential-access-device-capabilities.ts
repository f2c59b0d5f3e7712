/** Sequential-access Device Capabilities, B0h (SSC-5 8.5.2): no WORM. */
import type { VpdPage } from "./vpd-page.ts";

export const sequentialAccessDeviceCapabilities: VpdPage = {
  pageCode: 0xb0,
  name: "Sequential-access Device Capabilities",
  data: () => new Uint8Array(2),
};
