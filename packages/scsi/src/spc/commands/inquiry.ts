/** INQUIRY (SPC-5 6.7): standard data and the vital product data pages of the device. */
import { bit, uint } from "../../cdb.ts";
import { goodData, invalidFieldInCdb } from "../../completion.ts";
import { standardInquiryData } from "../standard-inquiry.ts";
import { encodeVpdPage } from "../vpd/vpd-page.ts";
import { spcCommand } from "./command.ts";

export const inquiry = spcCommand({
  name: "INQUIRY",
  opcode: 0x12,
  direction: "in",
  unitAttention: "ignored",
  reservation: "ignored",
  cdb: { evpd: bit(1, 0), pageCode: uint(2, 1), allocationLength: uint(3, 2) },
  execute(device, { evpd, pageCode, allocationLength }, { nexus }) {
    if (!evpd) {
      if (pageCode !== 0) return invalidFieldInCdb(2, 7);
      return goodData(standardInquiryData(device), allocationLength);
    }
    const page = device.vpdPages.find((each) => each.pageCode === pageCode);
    if (page === undefined) return invalidFieldInCdb(2, 7);
    return goodData(encodeVpdPage(device, page, nexus), allocationLength);
  },
});
