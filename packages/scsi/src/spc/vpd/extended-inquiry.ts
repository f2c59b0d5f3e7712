/** Extended INQUIRY Data, 86h (SPC-5 7.7.7): what of SPC a host may count on besides standard INQUIRY data. */
import type { VpdPage } from "./vpd-page.ts";
import { hasLogicalBlockProtection } from "../standard-inquiry.ts";

const dataLength = 60;
/** SPT of a sequential-access device: logical block protection (SSC-5 8.5.1). */
const logicalBlockProtection = 0b001 << 3;
/** HEADSUP, ORDSUP and SIMPSUP: tasks of these attributes are taken, in order of arrival. */
const headOfQueue = 0x04;
const ordered = 0x02;
const simple = 0x01;
/** LUICLR: unit attentions are cleared for the nexus that took them, as SPC-5 wants of new devices. */
const luiclr = 0x01;

export const extendedInquiry: VpdPage = {
  pageCode: 0x86,
  name: "Extended INQUIRY Data",
  data: (device) => {
    const bytes = new Uint8Array(dataLength);
    bytes[0] = hasLogicalBlockProtection(device) ? logicalBlockProtection : 0;
    bytes[1] = headOfQueue | ordered | simple;
    bytes[3] = luiclr;
    return bytes;
  },
};
