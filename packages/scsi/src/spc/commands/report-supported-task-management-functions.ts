/** REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS (SPC-5 6.37). */
import { bit, uint } from "../../cdb.ts";
import { goodData } from "../../completion.ts";
import { spcCommand } from "./command.ts";

/** ATS, ATSS, CTSS, LURS, and TRS for the target resets of iSCSI. */
const supported = 0x80 | 0x40 | 0x10 | 0x08 | 0x02;

export const reportSupportedTaskManagementFunctions = spcCommand({
  name: "REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS",
  opcode: 0xa3,
  serviceAction: 0x0d,
  direction: "in",
  reservation: "reads",
  cdb: { repd: bit(2, 7), allocationLength: uint(6, 4) },
  execute(_device, { repd, allocationLength }) {
    const data = new Uint8Array(repd ? 16 : 4);
    data[0] = supported;
    data[3] = repd ? 0x0c : 0;
    return goodData(data, allocationLength);
  },
});
