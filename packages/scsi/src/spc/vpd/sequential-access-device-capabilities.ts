/** Sequential-access Device Capabilities, B0h (SSC-5 8.5.2): write-once media are known. */
import type { VpdPage } from "./vpd-page.ts";

const worm = 0x01;

export const sequentialAccessDeviceCapabilities: VpdPage = {
  pageCode: 0xb0,
  name: "Sequential-access Device Capabilities",
  data: () => Uint8Array.of(worm, 0),
};
