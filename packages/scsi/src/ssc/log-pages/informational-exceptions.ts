/** Informational Exceptions log page, 2Fh (SPC-5 7.3.11): whether a TapeAlert flag is raised; no temperature is known. */
import { type LogPage, binary } from "../../spc/log-pages/log-page.ts";
import type { TapeAlerts } from "../../tape-alerts.ts";

/** FAILURE PREDICTION THRESHOLD EXCEEDED, which stands for TapeAlert (SSC-5 4.2.19). */
const tapeAlertRaised = [0x5d, 0x00] as const;
const none = [0x00, 0x00] as const;
const temperatureNotKnown = 0xff;

export const informationalExceptions = (alerts: TapeAlerts): LogPage => ({
  pageCode: 0x2f,
  name: "Informational Exceptions",
  parameters: () => {
    const [asc, ascq] = alerts.active.size > 0 ? tapeAlertRaised : none;
    return [binary(0x0000, Uint8Array.of(asc, ascq, temperatureNotKnown))];
  },
});
