/** Service Buffers Information log page, 15h (ADC-3 6.1.3): the drive keeps no buffers for a service engineer. */
import type { LogPage } from "../../spc/log-pages/log-page.ts";

export const serviceBuffers: LogPage = {
  pageCode: 0x15,
  name: "Service Buffers Information",
  parameters: () => [],
};
