/** RELEASE(6) and RELEASE(10) (SPC-2 7.16, 7.17): GOOD also when there is nothing of this nexus to release. */
import { good } from "../../completion.ts";
import type { Device } from "../../device.ts";
import type { Completion, Nexus } from "../../task.ts";
import { spcCommand } from "./command.ts";
import { besidePersistent } from "./reserve-6.ts";

function releaseUnit(device: Device, nexus: Nexus): Completion {
  const answered = besidePersistent(device, nexus);
  if (answered !== undefined) return answered;
  if (device.reservedBy === nexus) {
    device.reservedBy = undefined;
    device.reservationLost?.(false, nexus);
  }
  return good();
}

const row = { direction: "none", reservation: "ignored", cdb: {} } as const;

export const release6 = spcCommand({
  name: "RELEASE(6)",
  opcode: 0x17,
  ...row,
  execute: (device, _cdb, { nexus }) => releaseUnit(device, nexus),
});

export const release10 = spcCommand({
  name: "RELEASE(10)",
  opcode: 0x57,
  ...row,
  execute: (device, _cdb, { nexus }) => releaseUnit(device, nexus),
});
