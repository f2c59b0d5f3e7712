/** Manufacturer-assigned Serial Number, B1h (SSC-5 8.5.3): the same as the unit's, for nobody gives these drives another. */
import { ascii } from "../../bytes.ts";
import type { VpdPage } from "./vpd-page.ts";

export const manufacturerAssignedSerialNumber: VpdPage = {
  pageCode: 0xb1,
  name: "Manufacturer-assigned Serial Number",
  data: ({ identity: { serialNumber } }) => ascii(serialNumber, serialNumber.length),
};
