/** PERSISTENT RESERVE IN (SPC-5 6.15): who is registered, who holds the reservation, and what this unit can do. */
import { be, join } from "../../bytes.ts";
import { type BoundCommand, uint } from "../../cdb.ts";
import { goodData } from "../../completion.ts";
import type { Device } from "../../device.ts";
import type { PersistentReservations } from "../reservations/persistent-reservations.ts";
import { encodeTransportId } from "../reservations/transport-id.ts";
import { spcCommand } from "./command.ts";

/** SCOPE: the logical unit, in the high half of the byte that has the type in its low half. */
const scopeLogicalUnit = 0x00;

const listOf = (state: PersistentReservations, body: Uint8Array): Uint8Array =>
  join(be(state.generation, 4), be(body.length, 4), body);

const readKeys = (state: PersistentReservations): Uint8Array =>
  listOf(state, join(...[...state.keys.values()].map((key) => be(key, 8))));

function readReservation(state: PersistentReservations): Uint8Array {
  const { reservation } = state;
  if (reservation === undefined) return listOf(state, new Uint8Array());
  const scopeAndType = scopeLogicalUnit | reservation.type.code;
  return listOf(state, join(be(state.reservationKey, 8), be(0, 4), 0, scopeAndType, 0, 0));
}

/** CRH, SIP_C, ATP_C and PTPL_C: RESERVE is understood, and all that REGISTER can be asked for. */
const capabilities = 0x10 | 0x08 | 0x04 | 0x01;
/** TMV, ALLOW COMMANDS 011b: TEST UNIT READY and reading what others may read are served beside reservations. */
const typeMaskValid = 0x80;
const allowCommands = 0x30;
const persistActive = 0x01;
/** All six types: WR_EX_AR, EX_AC_RO, WR_EX_RO, EX_AC, WR_EX; and EX_AC_AR. */
const typeMask = [0xea, 0x01] as const;

const reportCapabilities = (state: PersistentReservations): Uint8Array =>
  join(
    be(8, 2),
    capabilities,
    typeMaskValid | allowCommands | (state.persists ? persistActive : 0),
    ...typeMask,
    0,
    0,
  );

const isReservationHolder = 0x01;
const allTargetPorts = 0x02;

/** Of several target ports, a registration is for all: ALL_TG_PT, and no one port's number. */
const portScope = (ports: readonly number[]): { readonly flags: number; readonly port: number } =>
  ports.length > 1 ? { flags: allTargetPorts, port: 0 } : { flags: 0, port: ports[0] ?? 0 };

function fullStatus(state: PersistentReservations, { identity }: Device): Uint8Array {
  const scope = portScope(identity.portalGroupTags);
  return listOf(
    state,
    join(
      ...[...state.keys].map(([name, key]) => {
        const holds = state.isHolder(name);
        const scopeAndType = holds ? scopeLogicalUnit | (state.reservation?.type.code ?? 0) : 0;
        const transportId = encodeTransportId(name);
        const flags = scope.flags | (holds ? isReservationHolder : 0);
        const head = join(be(key, 8), be(0, 4), flags, scopeAndType, be(0, 4));
        return join(head, be(scope.port, 2), be(transportId.length, 4), transportId);
      }),
    ),
  );
}

type Answer = (state: PersistentReservations, device: Device) => Uint8Array;

const action = (serviceAction: number, name: string, answer: Answer): BoundCommand<Device> =>
  spcCommand({
    name: `PERSISTENT RESERVE IN (${name})`,
    opcode: 0x5e,
    serviceAction,
    direction: "in",
    reservation: "persistentReserve",
    cdb: { allocationLength: uint(7, 2) },
    execute: (device, { allocationLength }) =>
      goodData(answer(device.persistentReservations, device), allocationLength),
  });

export const persistentReserveIn: readonly BoundCommand<Device>[] = [
  action(0x00, "READ KEYS", readKeys),
  action(0x01, "READ RESERVATION", readReservation),
  action(0x02, "REPORT CAPABILITIES", reportCapabilities),
  action(0x03, "READ FULL STATUS", fullStatus),
];
