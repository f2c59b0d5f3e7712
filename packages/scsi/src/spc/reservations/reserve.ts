/** RESERVE, RELEASE and CLEAR of PERSISTENT RESERVE OUT (SPC-5 5.14.10, 5.14.11.2, 5.14.11.6). */
import { check } from "../../completion.ts";
import {
  type ReserveAction,
  type ReserveRequest,
  basicParameters,
  hasKey,
  requestedType,
  reservationConflict,
  tell,
} from "./reserve-action.ts";

export const reserve: ReserveAction = (request) => {
  const { state, port } = request;
  const parameters = basicParameters(request.list, false);
  if ("fault" in parameters) return parameters.fault;
  if (!hasKey(request, parameters.reservationKey)) return reservationConflict;
  const type = requestedType(request);
  if ("fault" in type) return type.fault;
  const { reservation } = state;
  if (reservation === undefined) {
    state.reservation = { type, holder: port };
    return undefined;
  }
  // The same again from a holder is GOOD and changes nothing.
  return state.isHolder(port) && reservation.type === type ? undefined : reservationConflict;
};

/** The registered others hear that what they shared is over (SPC-5 5.14.11.2). */
export const tellReleased = (request: ReserveRequest): void =>
  tell(request, request.state.others(request.port), "reservationsReleased");

export const release: ReserveAction = (request) => {
  const { state, port } = request;
  const parameters = basicParameters(request.list, false);
  if ("fault" in parameters) return parameters.fault;
  if (!hasKey(request, parameters.reservationKey)) return reservationConflict;
  const { reservation } = state;
  if (reservation === undefined || !state.isHolder(port)) return undefined;
  if (request.scope !== 0 || reservation.type.code !== request.type) {
    return check("invalidReleaseOfPersistentReservation");
  }
  state.reservation = undefined;
  if (reservation.type.sharedWith !== "nobody") tellReleased(request);
  return undefined;
};

export const clear: ReserveAction = (request) => {
  const { state, port } = request;
  const parameters = basicParameters(request.list, false);
  if ("fault" in parameters) return parameters.fault;
  if (!hasKey(request, parameters.reservationKey)) return reservationConflict;
  const others = state.others(port);
  state.clear();
  state.changed();
  tell(request, others, "reservationsPreempted");
  return undefined;
};
