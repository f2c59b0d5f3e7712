/** RELEASE(6) (SPC-2 7.16): GOOD also when there is nothing of this nexus to release. */
import { good } from "../../completion.ts";
import { spcCommand } from "./command.ts";

export const release6 = spcCommand({
  name: "RELEASE(6)",
  opcode: 0x17,
  direction: "none",
  reservation: "ignored",
  cdb: {},
  execute(device, _cdb, { nexus }) {
    if (device.reservedBy === nexus) device.reservedBy = undefined;
    return good();
  },
});
