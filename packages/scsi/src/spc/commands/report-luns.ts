/** REPORT LUNS (SPC-5 6.33): LUN 0 is all there is. */
import { be, join } from "../../bytes.ts";
import { uint } from "../../cdb.ts";
import { goodData, invalidFieldInCdb } from "../../completion.ts";
import { spcCommand } from "./command.ts";

const lunLength = 8;
/** An allocation length below one LUN's worth is refused (SPC-4 6.33). */
const allocationLengthMin = 16;
/** SELECT REPORT: addressable logical units, well known ones, all. */
const selectReport = { wellKnown: 0x01, max: 0x02 } as const;

export function reportLunsData(select: number): Uint8Array {
  const count = select === selectReport.wellKnown ? 0 : 1;
  return join(be(count * lunLength, 4), new Uint8Array(4 + count * lunLength));
}

export const reportLuns = spcCommand({
  name: "REPORT LUNS",
  opcode: 0xa0,
  direction: "in",
  unitAttention: "ignored",
  reservation: "ignored",
  cdb: { selectReport: uint(2, 1), allocationLength: uint(6, 4) },
  execute({ attentions }, cdb, { nexus }) {
    if (cdb.selectReport > selectReport.max) return invalidFieldInCdb(2, 7);
    if (cdb.allocationLength < allocationLengthMin) return invalidFieldInCdb(6, 7);
    attentions.clear(nexus, "reportedLunsDataChanged");
    return goodData(reportLunsData(cdb.selectReport), cdb.allocationLength);
  },
});
