/** RESERVE(6) (SPC-2 7.21): the whole unit for one nexus; extents and third parties are obsolete. */
import { good } from "../../completion.ts";
import { spcCommand } from "./command.ts";

export const reserve6 = spcCommand({
  name: "RESERVE(6)",
  opcode: 0x16,
  direction: "none",
  cdb: {},
  execute(device, _cdb, { nexus }) {
    device.reservedBy = nexus;
    return good();
  },
});
