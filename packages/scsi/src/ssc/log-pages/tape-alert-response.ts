/** TapeAlert Response log page, 12h (SSC-5 8.3.4): all 64 flags as bits. Reading it leaves them as they are. */
import { type LogPage, binary } from "../../spc/log-pages/log-page.ts";
import type { TapeAlerts } from "../../tape-alerts.ts";

export const tapeAlertResponse = (alerts: TapeAlerts): LogPage => ({
  pageCode: 0x12,
  name: "TapeAlert Response",
  parameters: () => [binary(0x0000, alerts.bitmap)],
});
