/** Temperature log page, 0Dh (SPC-5 7.3.20): FFh says that no valid temperature can be told. */
import { type LogPage, binary } from "../../spc/log-pages/log-page.ts";

const notValid = 0xff;

export const temperature: LogPage = {
  pageCode: 0x0d,
  name: "Temperature",
  parameters: () => [binary(0x0000, Uint8Array.of(0, notValid))],
};
