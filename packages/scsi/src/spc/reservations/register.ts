/** REGISTER and REGISTER AND IGNORE EXISTING KEY of PERSISTENT RESERVE OUT (SPC-5 5.14.7, table 68). */
import { readBe } from "../../bytes.ts";
import { check, invalidFieldInParameterList } from "../../completion.ts";
import type { Completion } from "../../task.ts";
import {
  type BasicParameters,
  type ReserveAction,
  type ReserveRequest,
  basicListLength,
  basicParameters,
  reservationConflict,
} from "./reserve-action.ts";
import { tellReleased } from "./reserve.ts";
import { decodeTransportId } from "./transport-id.ts";

const specIPtByte = 20;
const specIPtBit = 3;
const listLengthWidth = 4;

/** The ports that SPEC_I_PT names, all of them or what is wrong with the list: one that is registered already is wrong too. */
function namedPorts({
  list,
  device,
  state,
}: ReserveRequest): readonly string[] | { readonly fault: Completion } {
  const begin = basicListLength + listLengthWidth;
  if (list.length < begin) return { fault: check("parameterListLengthError") };
  const end = begin + readBe(list, basicListLength, listLengthWidth);
  if (end !== list.length) return { fault: check("parameterListLengthError") };
  const ports: string[] = [];
  for (let offset = begin; offset < end;) {
    const transportId = decodeTransportId(list, offset);
    if (transportId === undefined) return { fault: invalidFieldInParameterList(offset) };
    const { name, ofPort, length } = transportId;
    // The name of a device means its ports that are here.
    const meant = ofPort
      ? [name]
      : device.attentions.ports().filter((port) => port.startsWith(`${name},i,`));
    if (meant.length === 0 || meant.some((port) => state.keys.has(port)))
      return { fault: invalidFieldInParameterList(offset) };
    ports.push(...meant);
    offset += length;
  }
  return ports;
}

function unregister(request: ReserveRequest): void {
  const { state, port } = request;
  const shared = state.reservation?.type.sharedWith;
  const isOver = state.unregister(port);
  if (isOver && shared === "registrants") tellReleased(request);
}

/** Registers, changes the key or, with key zero, takes the registration away. */
function setKey(
  request: ReserveRequest,
  parameters: BasicParameters,
  also: readonly string[],
): Completion | undefined {
  const { state, port } = request;
  const { serviceActionKey: key } = parameters;
  if (key === 0n) {
    if (!state.keys.has(port)) return undefined;
    unregister(request);
  } else if (!state.register([port, ...also], key)) {
    return check("insufficientRegistrationResources");
  }
  state.persists = parameters.aptpl;
  state.changed();
  return undefined;
}

export const register: ReserveAction = (request) => {
  const { state, port } = request;
  const parameters = basicParameters(request.list, true);
  if ("fault" in parameters) return parameters.fault;
  const registered = state.keys.get(port);
  if (parameters.reservationKey !== (registered ?? 0n)) return reservationConflict;
  const { specIPt, serviceActionKey } = parameters;
  if (registered === undefined && serviceActionKey === 0n) return undefined;
  if (!specIPt) return setKey(request, parameters, []);
  if (registered !== undefined) return invalidFieldInParameterList(specIPtByte, specIPtBit);
  const ports = namedPorts(request);
  if ("fault" in ports) return ports.fault;
  return setKey(request, parameters, ports);
};

export const registerAndIgnoreExistingKey: ReserveAction = (request) => {
  const parameters = basicParameters(request.list, true);
  if ("fault" in parameters) return parameters.fault;
  if (parameters.specIPt) return invalidFieldInParameterList(specIPtByte, specIPtBit);
  return setKey(request, parameters, []);
};
