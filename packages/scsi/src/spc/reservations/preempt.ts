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
  /** Of the new reservation; undefined: registrations go, and no more. */
  readonly type: ReservationType | undefined;
  /** The ports that `key` means: of them tasks and prevention end, when they are to. */
  readonly preempted: readonly string[];
  /** Those of them that lose their registration: not the sender's, when it takes the reservation. */
  readonly removed: readonly string[];
}

/** What is to happen (SPC-4 table 72, figure 9); or why nothing may. Changes nothing. */
function planned(request: ReserveRequest): Preemption | { readonly fault: Completion } {
  const { state, port } = request;
  const parameters = basicParameters(request.list, false);
  if ("fault" in parameters) return parameters;
  if (!hasKey(request, parameters.reservationKey)) return { fault: reservationConflict };
  const key = parameters.serviceActionKey;
  const isMeant = (name: string) => key === 0n || state.keys.get(name) === key;
  const preempted = [...state.keys.keys()].filter((name) => isMeant(name));
  if (takesReservation(state, key)) {
    const type = requestedType(request);
    if ("fault" in type) return type;
    return { type, preempted, removed: preempted.filter((name) => name !== port) };
  }
  // No port has key zero: without a reservation it is one that nobody has.
  if (key === 0n && state.reservation !== undefined)
    return { fault: invalidFieldInParameterList(serviceActionKeyOffset) };
  if (key === 0n || preempted.length === 0) return { fault: reservationConflict };
  return { type: undefined, preempted, removed: preempted };
}

function carryOut(request: ReserveRequest, { type, removed }: Preemption): void {
  const { state, port } = request;
  const before = state.reservation?.type;
  for (const name of removed) state.unregister(name);
  if (type !== undefined) state.reservation = { type, holder: port };
  state.changed();
  const others = removed.filter((name) => name !== port);
  tell(request, others, "registrationsPreempted");
  if (type !== undefined && before !== type)
    tell(request, state.others(port), "reservationsReleased");
}

export const preempt: ReserveAction = (request) => {
  const preemption = planned(request);
  if ("fault" in preemption) return preemption.fault;
  carryOut(request, preemption);
  return undefined;
};

/** Tasks of the preempted are ended too, and what they prevented is allowed again; the sender is one when it names its own key. */
export const preemptAndAbort: ReserveAction = (request) => {
  const preemption = planned(request);
  if ("fault" in preemption) return preemption.fault;
  carryOut(request, preemption);
  const { device } = request;
  const isMeant = (nexus: Nexus) => preemption.preempted.includes(nexus.initiatorPortName);
  request.whenKept(() => {
    device.abortQueued(isMeant);
    for (const nexus of device.preventing) if (isMeant(nexus)) device.preventing.delete(nexus);
  });
  return undefined;
};
