/** PREEMPT and PREEMPT AND ABORT of PERSISTENT RESERVE OUT (SPC-5 5.14.11.4, 5.14.11.5). */
import { invalidFieldInParameterList } from "../../completion.ts";
import type { Completion, Nexus } from "../../task.ts";
import {
  type ReserveAction,
  type ReserveRequest,
  basicParameters,
  hasKey,
  requestedType,
  reservationConflict,
  tell,
} from "./reserve-action.ts";
import type { PersistentReservations } from "./persistent-reservations.ts";
import type { ReservationType } from "./reservation-type.ts";

const serviceActionKeyOffset = 8;

/** Whether a preemption of `key` takes the reservation too, and not registrations only. */
function takesReservation(state: PersistentReservations, key: bigint): boolean {
  const { reservation } = state;
  if (reservation === undefined) return false;
  if (reservation.type.sharedWith === "allRegistrants") return key === 0n;
  return state.keys.get(reservation.holder) === key;
}

interface Preemption {
  readonly type: ReservationType;
  readonly takes: boolean;
  /** The ports that lose their registration. */
  readonly removed: readonly string[];
}

/** What is to happen; or why nothing may. Changes nothing. */
function planned(request: ReserveRequest): Preemption | { readonly fault: Completion } {
  const { state, port } = request;
  const type = requestedType(request);
  if ("fault" in type) return type;
  const parameters = basicParameters(request.list, false);
  if ("fault" in parameters) return parameters;
  if (!hasKey(request, parameters.reservationKey)) return { fault: reservationConflict };
  const key = parameters.serviceActionKey;
  const takes = takesReservation(state, key);
  if (key === 0n && !takes) return { fault: invalidFieldInParameterList(serviceActionKeyOffset) };
  const isMeant = (name: string) => key === 0n || state.keys.get(name) === key;
  const removed = state.others(port).filter((name) => isMeant(name));
  const isNobody = removed.length === 0 && !takes && !hasKey(request, key);
  return isNobody ? { fault: reservationConflict } : { type, takes, removed };
}

function carryOut(request: ReserveRequest, preemption: Preemption): void {
  const { state, port } = request;
  const { type, takes, removed } = preemption;
  const before = state.reservation?.type;
  for (const name of removed) state.unregister(name);
  if (takes) state.reservation = { type, holder: port };
  state.changed();
  tell(request, removed, "registrationsPreempted");
  // Who shared a reservation that is of another type now hears that it is over.
  const isOver = takes && before !== type && before?.sharedWith !== "nobody";
  if (isOver) tell(request, state.others(port), "reservationsReleased");
}

export const preempt: ReserveAction = (request) => {
  const preemption = planned(request);
  if ("fault" in preemption) return preemption.fault;
  carryOut(request, preemption);
  return undefined;
};

/** Their tasks are ended too, and what they prevented is allowed again. */
export const preemptAndAbort: ReserveAction = (request) => {
  const preemption = planned(request);
  if ("fault" in preemption) return preemption.fault;
  carryOut(request, preemption);
  const { device } = request;
  const isRemoved = (nexus: Nexus) => preemption.removed.includes(nexus.initiatorPortName);
  request.whenKept(() => {
    device.abortQueued(isRemoved);
    for (const nexus of device.preventing) if (isRemoved(nexus)) device.preventing.delete(nexus);
  });
  return undefined;
};
