/** Requested Recovery log page, 13h (SSC-5 8.3.5): the drive never asks for one; whatever fails, a retry finds it mended or not. */
import { type LogPage, binary } from "../../spc/log-pages/log-page.ts";

const recoveryNotRequested = 0x00;

export const requestedRecovery: LogPage = {
  pageCode: 0x13,
  name: "Requested Recovery",
  parameters: () => [binary(0x0000, Uint8Array.of(recoveryNotRequested))],
};
