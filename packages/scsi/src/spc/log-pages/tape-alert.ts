/** TapeAlert log page, 2Eh (SSC-5 8.3.3, SMC-3 7.2.2): all 64 flags. */
import type { TapeAlerts } from "../../tape-alerts.ts";
import { type LogPage, binary } from "./log-page.ts";

const flagCount = 64;

export const tapeAlertLogPage = (alerts: TapeAlerts): LogPage => ({
  pageCode: 0x2e,
  name: "TapeAlert",
  reset: () => alerts.clear(),
  parameters: (nexus) => {
    const raised = alerts.take(nexus);
    return Array.from({ length: flagCount }, (_, index) =>
      binary(index + 1, Uint8Array.of(raised.has(index + 1) ? 1 : 0)),
    );
  },
});
