/** Automation Device Serial Number, B3h (SSC-5 8.5.5): the serial number of the library the drive is in. */
import { ascii } from "../../bytes.ts";
import type { VpdPage } from "./vpd-page.ts";

export const automationDeviceSerialNumber: VpdPage = {
  pageCode: 0xb3,
  name: "Automation Device Serial Number",
  data: ({ identity: { automationSerialNumber = "" } }) =>
    ascii(automationSerialNumber, automationSerialNumber.length),
};
