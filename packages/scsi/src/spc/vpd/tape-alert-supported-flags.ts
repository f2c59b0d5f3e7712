/** TapeAlert Supported Flags, B2h (SSC-5 8.5.4): flag 1 is the highest bit of the first byte. */
import { tapeAlert } from "../../tape-alerts.ts";
import type { VpdPage } from "./vpd-page.ts";

const flagBytes = 8;

function flagMap(): Uint8Array {
  const bytes = new Uint8Array(flagBytes);
  for (const flag of Object.values(tapeAlert)) {
    const index = flag - 1;
    bytes[index >> 3]! |= 0x80 >> (index & 7);
  }
  return bytes;
}

export const tapeAlertSupportedFlags: VpdPage = {
  pageCode: 0xb2,
  name: "TapeAlert Supported Flags",
  data: flagMap,
};
