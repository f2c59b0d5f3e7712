/** What every service action of PERSISTENT RESERVE OUT is given, and its basic parameter list (SPC-5 6.16.3). */
import { readBe } from "../../bytes.ts";
import type { Call } from "../../call.ts";
import { check, invalidFieldInCdb, invalidFieldInParameterList } from "../../completion.ts";
import type { Device } from "../../device.ts";
import { status } from "../../status.ts";
import type { Completion } from "../../task.ts";
import type { UnitAttention } from "../../unit-attention.ts";
import type { PersistentReservations } from "./persistent-reservations.ts";
import { type ReservationType, reservationTypeOf } from "./reservation-type.ts";

export interface ReserveRequest {
  readonly device: Device;
  readonly state: PersistentReservations;
  /** The initiator port it came from. */
  readonly port: string;
  readonly call: Call;
  readonly list: Uint8Array;
  readonly scope: number;
  readonly type: number;
  /** What others are to notice, once what was done is kept: nothing tells of a change that is taken back. */
  readonly whenKept: (effect: () => void) => void;
}

/** Does it, or says what it is refused with and has changed nothing. */
export type ReserveAction = (request: ReserveRequest) => Completion | undefined;

export const reservationConflict: Completion = Object.freeze({
  status: status.reservationConflict,
});

export const basicListLength = 24;
const flagsOffset = 20;
const specIPt = 0x08;
const allTgPt = 0x04;
const aptpl = 0x01;

export interface BasicParameters {
  readonly reservationKey: bigint;
  readonly serviceActionKey: bigint;
  readonly specIPt: boolean;
  readonly aptpl: boolean;
}

export const keyAt = (list: Uint8Array, offset: number): bigint =>
  (BigInt(readBe(list, offset, 4)) << 32n) | BigInt(readBe(list, offset + 4, 4));

/** Reads the 24 bytes. ALL_TG_PT says nothing, since a registration is for all target ports; it and APTPL are for registering only. */
export function basicParameters(
  list: Uint8Array,
  registers: boolean,
): BasicParameters | { readonly fault: Completion } {
  if (list.length < basicListLength) return { fault: check("parameterListLengthError") };
  const flags = list[flagsOffset]!;
  const allowed = (registers ? specIPt : 0) | allTgPt | aptpl;
  const wrong = flags & ~allowed & 0xff;
  if (wrong !== 0) {
    return { fault: invalidFieldInParameterList(flagsOffset, 31 - Math.clz32(wrong)) };
  }
  const asksPorts = (flags & specIPt) !== 0;
  if (!asksPorts && list.length !== basicListLength) {
    return { fault: check("parameterListLengthError") };
  }
  return {
    reservationKey: keyAt(list, 0),
    serviceActionKey: keyAt(list, 8),
    specIPt: asksPorts,
    aptpl: (flags & aptpl) !== 0,
  };
}

/** SCOPE and TYPE as a type of reservation: logical unit scope only. */
export function requestedType({
  scope,
  type,
}: Pick<ReserveRequest, "scope" | "type">): ReservationType | { readonly fault: Completion } {
  if (scope !== 0) return { fault: invalidFieldInCdb(2, 7) };
  return reservationTypeOf(type) ?? { fault: invalidFieldInCdb(2, 3) };
}

/** A unit attention for those initiator ports, once what was done is kept. */
export function tell(
  { device, whenKept }: ReserveRequest,
  ports: readonly string[],
  attention: UnitAttention,
): void {
  whenKept(() => {
    for (const port of ports) device.attentions.establishForPort(port, attention);
  });
}

/** Who sends must be registered with the key that it names. */
export const hasKey = ({ state, port }: ReserveRequest, key: bigint): boolean =>
  state.keys.get(port) === key;
