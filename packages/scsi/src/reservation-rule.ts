/** What a reservation held by another nexus does to a command: the tables of SPC-5 5.14.1, SSC-5 4.2.21, SMC-3 4.7 and SPC-2 5.5.1 in one column. */

/** Beside which reservations of others a command is served. */
interface Passes {
  /** Whose command is served while RESERVE(6) or RESERVE(10) holds the unit. */
  readonly reserve: "holder" | "anyone" | "nobody";
  /** A persistent reservation that lets others read (Write Exclusive, of all kinds). */
  readonly writeExclusive: boolean;
  /** One that lets others do nothing (Exclusive Access, of all kinds). */
  readonly exclusiveAccess: boolean;
}

/** The rules by name; a command's row names one, "conflict" when it names none. */
export const reservationRules = {
  conflict: { reserve: "holder", writeExclusive: false, exclusiveAccess: false },
  /** Reads and moves nothing. */
  reads: { reserve: "holder", writeExclusive: true, exclusiveAccess: false },
  /** Older than persistent reservations, and refused by the older RESERVE only. */
  persistent: { reserve: "holder", writeExclusive: true, exclusiveAccess: true },
  /** PERSISTENT RESERVE itself: its actions look at keys, and the two methods exclude each other (SPC-2 5.5.1). */
  persistentReserve: { reserve: "nobody", writeExclusive: true, exclusiveAccess: true },
  ignored: { reserve: "anyone", writeExclusive: true, exclusiveAccess: true },
} as const satisfies Record<string, Passes>;

export type ReservationRuleName = keyof typeof reservationRules;

/** A rule, or how the fields of the CDB decide which one holds. */
export type ReservationRule = ReservationRuleName | ((cdb: Uint8Array) => ReservationRuleName);
