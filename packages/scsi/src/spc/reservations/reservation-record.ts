/** Registrations and reservation as the device's store keeps them. */
import assert from "node:assert/strict";
import { type ReservationType, reservationTypeOf } from "./reservation-type.ts";

export interface Reservation {
  readonly type: ReservationType;
  /** The port that reserved; of an all registrants reservation every registered port is a holder. */
  readonly holder: string;
}

interface Kept {
  readonly keys: readonly (readonly [portName: string, key: bigint])[];
  readonly reservation: Reservation | undefined;
}

/**
 * Names come from hosts, by login and by TransportID: what would end a line, or not be read as part of one, is escaped. No text
 * that a host sends may keep the device from starting.
 */
const escaped = (name: string): string => name.replaceAll(/[\p{C}\p{Z}%]/gu, encodeURIComponent);

/** One line a registration: port name and key; before them the reservation's type and holder, when there is one. */
export function encodeReservations(
  keys: ReadonlyMap<string, bigint>,
  reservation: Reservation | undefined,
): string {
  const lines = [...keys].map(([name, key]) => `registered ${key.toString(16)} ${escaped(name)}`);
  if (reservation !== undefined) {
    lines.unshift(`reserved ${reservation.type.code} ${escaped(reservation.holder)}`);
  }
  return lines.join("\n");
}

/** Undefined when nothing was kept. A text that this file did not write stops the process: it guards somebody's data. */
export function decodeReservations(text: string | undefined): Kept | undefined {
  if (text === undefined || text === "") return undefined;
  const keys: (readonly [string, bigint])[] = [];
  let reservation: Reservation | undefined;
  for (const line of text.split("\n")) {
    const parts = /^(reserved|registered) ([0-9a-f]+) (.+)$/u.exec(line);
    assert(parts !== null, "kept reservations cannot be read");
    const [, kind, value = "", written = ""] = parts;
    const name = decodeURIComponent(written);
    if (kind === "registered") {
      keys.push([name, BigInt(`0x${value}`)]);
      continue;
    }
    const type = reservationTypeOf(Number(value));
    assert(type !== undefined, "kept reservations cannot be read");
    reservation = { type, holder: name };
  }
  return { keys, reservation };
}
