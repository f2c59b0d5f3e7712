/** Unit Serial Number, 80h (SPC-5 7.7.19). */
import { ascii } from "../../bytes.ts";
import type { VpdPage } from "./vpd-page.ts";

export const unitSerialNumber: VpdPage = {
  pageCode: 0x80,
  name: "Unit Serial Number",
  data: ({ identity }) => ascii(identity.serialNumber, identity.serialNumber.length),
};
