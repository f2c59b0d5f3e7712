/** RESERVE(6) and RESERVE(10) (SPC-2 7.21, 7.22): the whole unit for one nexus; extents and third parties are obsolete. */
import { good } from "../../completion.ts";
import type { Device } from "../../device.ts";
import type { Completion, Nexus } from "../../task.ts";
import { reservationConflict } from "../reservations/reserve-action.ts";
import { spcCommand } from "./command.ts";

/**
 * CRH (SPC-5 5.14.3): beside persistent reservations, who is admitted by one hears GOOD and nothing happens; with
 * anybody registered, everybody else conflicts. Undefined: there are no persistent reservations to regard.
 */
export function besidePersistent(device: Device, nexus: Nexus): Completion | undefined {
  const state = device.persistentReservations;
  if (state.keys.size === 0) return undefined;
  const isAdmitted = state.reservation !== undefined && state.isAdmitted(nexus.initiatorPortName);
  return isAdmitted ? good() : reservationConflict;
}

function reserveUnit(device: Device, nexus: Nexus): Completion {
  const answered = besidePersistent(device, nexus);
  if (answered !== undefined) return answered;
  device.reservedBy = nexus;
  return good();
}

const row = { direction: "none", reservation: "persistent", cdb: {} } as const;

export const reserve6 = spcCommand({
  name: "RESERVE(6)",
  opcode: 0x16,
  ...row,
  execute: (device, _cdb, { nexus }) => reserveUnit(device, nexus),
});

export const reserve10 = spcCommand({
  name: "RESERVE(10)",
  opcode: 0x56,
  ...row,
  execute: (device, _cdb, { nexus }) => reserveUnit(device, nexus),
});
