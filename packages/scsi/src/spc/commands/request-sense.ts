/**
 * REQUEST SENSE (SPC-5 6.39): a pending unit attention or deferred error, which it clears, else what the unit is busy
 * with, else NO SENSE.
 */
import { bit, uint } from "../../cdb.ts";
import { goodData } from "../../completion.ts";
import { toDescriptorFormat } from "../../descriptor-sense.ts";
import { encodeSense } from "../../sense.ts";
import { exceptionOnRequest } from "../informational-exceptions.ts";
import { spcCommand } from "./command.ts";

export const requestSense = spcCommand({
  name: "REQUEST SENSE",
  opcode: 0x03,
  direction: "in",
  unitAttention: "ignored",
  reservation: "ignored",
  cdb: { desc: bit(1, 0), allocationLength: uint(4, 1) },
  execute(device, { desc, allocationLength }, { nexus }) {
    const attention = device.attentions.take(nexus);
    const sense =
      attention === undefined ? device.takeDeferredError(nexus) : encodeSense(attention);
    const fixed = sense ?? device.currentCondition?.() ?? encodeSense(exceptionOnRequest(device));
    return goodData(desc ? toDescriptorFormat(fixed) : fixed, allocationLength);
  },
});
