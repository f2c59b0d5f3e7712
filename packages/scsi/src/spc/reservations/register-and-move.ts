/** REGISTER AND MOVE of PERSISTENT RESERVE OUT (SPC-5 5.14.8, 6.16.4): the holder hands its reservation to another port. */
import { readBe } from "../../bytes.ts";
import { check, invalidFieldInCdb, invalidFieldInParameterList } from "../../completion.ts";
import type { Completion } from "../../task.ts";
import {
  type ReserveAction,
  type ReserveRequest,
  hasKey,
  keyAt,
  reservationConflict,
} from "./reserve-action.ts";
import { decodeTransportId } from "./transport-id.ts";

const offsets = {
  reservationKey: 0,
  serviceActionKey: 8,
  flags: 17,
  relativeTargetPort: 18,
  transportIdLength: 20,
  transportId: 24,
} as const;
const unreg = 0x02;
const aptpl = 0x01;

/** The port to move to. */
function destination({
  list,
  device,
  port,
}: ReserveRequest): string | { readonly fault: Completion } {
  const { relativeTargetPort, transportIdLength, transportId } = offsets;
  if (!device.identity.portalGroupTags.includes(readBe(list, relativeTargetPort, 2))) {
    return { fault: invalidFieldInParameterList(relativeTargetPort) };
  }
  if (transportId + readBe(list, transportIdLength, 4) !== list.length) {
    return { fault: check("parameterListLengthError") };
  }
  const decoded = decodeTransportId(list, transportId);
  const isOneOtherPort =
    decoded?.ofPort === true &&
    decoded.name !== port &&
    transportId + decoded.length === list.length;
  return isOneOtherPort ? decoded.name : { fault: invalidFieldInParameterList(transportId) };
}

export const registerAndMove: ReserveAction = (request) => {
  const { list, state, port } = request;
  if (list.length < offsets.transportId) return check("parameterListLengthError");
  const wrong = list[offsets.flags]! & ~(unreg | aptpl);
  if (wrong !== 0) return invalidFieldInParameterList(offsets.flags, 31 - Math.clz32(wrong));
  if (!hasKey(request, keyAt(list, offsets.reservationKey))) return reservationConflict;
  const { reservation } = state;
  if (reservation === undefined) return invalidFieldInCdb(1, 4);
  if (!state.isHolder(port)) return reservationConflict;
  // All registrants hold it: there is nobody to move it away from.
  if (reservation.type.sharedWith === "allRegistrants") return reservationConflict;
  const key = keyAt(list, offsets.serviceActionKey);
  if (key === 0n) return invalidFieldInParameterList(offsets.serviceActionKey);
  const to = destination(request);
  if (typeof to !== "string") return to.fault;
  if (!state.register([to], key)) return check("insufficientRegistrationResources");
  state.reservation = { type: reservation.type, holder: to };
  if ((list[offsets.flags]! & unreg) !== 0) state.keys.delete(port);
  state.persists = (list[offsets.flags]! & aptpl) !== 0;
  state.changed();
  return undefined;
};
