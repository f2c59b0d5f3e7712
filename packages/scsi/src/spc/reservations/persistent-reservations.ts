/**
 * Registrations and the persistent reservation of a logical unit (SPC-5 5.14). Registrations belong to the I_T nexus by
 * the name of its initiator port: they outlive its sessions and, with APTPL, a restart.
 */
import type { DeviceStore } from "../../device-ports.ts";
import type { ReservationRuleName } from "../../reservation-rule.ts";
import { reservationRules } from "../../reservation-rule.ts";
import type { MaybePromise, Nexus } from "../../task.ts";
import { decodeReservations, encodeReservations, type Reservation } from "./reservation-record.ts";

const storeName = "persistent-reservations";
/** Initiator ports that can be registered at once: what is kept stays small, and no initiator can fill the memory. */
export const registrationsMax = 128;
const generationModulus = 2 ** 32;

export class PersistentReservations {
  readonly #store: DeviceStore;
  /** Reservation key by initiator port name. */
  readonly keys = new Map<string, bigint>();
  reservation: Reservation | undefined;
  /** PRGENERATION; begins with 0 at every power on. */
  generation = 0;
  /** APTPL of the last registration: all of this outlives a restart. */
  persists = false;

  constructor(store: DeviceStore) {
    this.#store = store;
    const kept = decodeReservations(store.get(storeName));
    if (kept === undefined) return;
    this.persists = true;
    this.reservation = kept.reservation;
    for (const [name, key] of kept.keys) this.keys.set(name, key);
  }

  keyOf(nexus: Nexus): bigint | undefined {
    return this.keys.get(nexus.initiatorPortName);
  }

  /** Holds the reservation: reserved it, or is registered while all registrants hold it. */
  isHolder(portName: string): boolean {
    const { reservation } = this;
    if (reservation === undefined) return false;
    if (reservation.type.sharedWith === "allRegistrants") return this.keys.has(portName);
    return reservation.holder === portName;
  }

  /** May use the unit as if there were no reservation: a holder, or a registrant where registrants may. */
  isAdmitted(portName: string): boolean {
    const { reservation } = this;
    if (reservation === undefined || this.isHolder(portName)) return true;
    return reservation.type.sharedWith !== "nobody" && this.keys.has(portName);
  }

  conflicts(nexus: Nexus, rule: ReservationRuleName): boolean {
    const { reservation } = this;
    if (reservation === undefined || this.isAdmitted(nexus.initiatorPortName)) return false;
    return !reservationRules[rule][reservation.type.access];
  }

  /** The key that READ RESERVATION and READ FULL STATUS show; zero when all registrants hold it (SPC-5 6.15.3). */
  get reservationKey(): bigint {
    const { reservation } = this;
    if (reservation === undefined || reservation.type.sharedWith === "allRegistrants") return 0n;
    return this.keys.get(reservation.holder) ?? 0n;
  }

  /** The ports registered besides `portName`. */
  others(portName: string): readonly string[] {
    return [...this.keys.keys()].filter((name) => name !== portName);
  }

  /**
   * Takes a registration away; the reservation goes with its holder, or with the last of all registrants. True when
   * the reservation went.
   */
  unregister(portName: string): boolean {
    const { reservation } = this;
    this.keys.delete(portName);
    if (reservation === undefined) return false;
    const shared = reservation.type.sharedWith === "allRegistrants";
    const isOver = shared ? this.keys.size === 0 : reservation.holder === portName;
    if (isOver) this.reservation = undefined;
    return isOver;
  }

  /** Registers the ports, or none of them when there would be too many. */
  register(portNames: readonly string[], key: bigint): boolean {
    const added = new Set(portNames.filter((name) => !this.keys.has(name)));
    if (this.keys.size + added.size > registrationsMax) return false;
    for (const name of portNames) this.keys.set(name, key);
    return true;
  }

  clear(): void {
    this.keys.clear();
    this.reservation = undefined;
  }

  changed(): void {
    this.generation = (this.generation + 1) % generationModulus;
  }

  /** What takes everything that happens from here on back. */
  undo(): () => void {
    const { reservation, generation, persists } = this;
    const keys = [...this.keys];
    return () => {
      this.keys.clear();
      for (const [name, key] of keys) this.keys.set(name, key);
      Object.assign(this, { reservation, generation, persists });
    };
  }

  /** Writes down what must outlive a restart, or that nothing must. Only after it may a change be answered with GOOD. */
  keep(): MaybePromise<void> {
    const text = this.persists ? encodeReservations(this.keys, this.reservation) : "";
    if ((this.#store.get(storeName) ?? "") === text) return undefined;
    return this.#store.put(storeName, text);
  }
}
