/** PREVENT ALLOW MEDIUM REMOVAL (SPC-5 6.16): each nexus prevents for itself; removal waits until none does. */
import { bits } from "../../cdb.ts";
import { good, invalidFieldInCdb } from "../../completion.ts";
import { spcCommand } from "./command.ts";

const preventField = bits(4, 1, 0);
const prevent = { allowed: 0b00, prevented: 0b01 } as const;

export const preventAllowMediumRemoval = spcCommand({
  name: "PREVENT ALLOW MEDIUM REMOVAL",
  opcode: 0x1e,
  direction: "none",
  // Only what keeps a cartridge in is for who holds the reservation.
  reservation: (cdb) => (preventField.read(cdb) === prevent.allowed ? "ignored" : "conflict"),
  cdb: { prevent: preventField },
  execute(device, cdb, { nexus }) {
    if (cdb.prevent > prevent.prevented) return invalidFieldInCdb(4, 1);
    if (cdb.prevent === prevent.prevented) device.preventing.add(nexus);
    else device.preventing.delete(nexus);
    return good();
  },
});
