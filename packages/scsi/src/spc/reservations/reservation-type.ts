/** Types of persistent reservations (SPC-5 table 70), and what each lets whom do. */

export interface ReservationType {
  readonly code: number;
  readonly name: string;
  /** Others may read. */
  readonly access: "writeExclusive" | "exclusiveAccess";
  /** Who counts as holder besides the nexus that reserved. */
  readonly sharedWith: "nobody" | "registrants" | "allRegistrants";
}

export const reservationTypes: readonly ReservationType[] = [
  { code: 1, name: "Write Exclusive", access: "writeExclusive", sharedWith: "nobody" },
  { code: 3, name: "Exclusive Access", access: "exclusiveAccess", sharedWith: "nobody" },
  {
    code: 5,
    name: "Write Exclusive - Registrants Only",
    access: "writeExclusive",
    sharedWith: "registrants",
  },
  {
    code: 6,
    name: "Exclusive Access - Registrants Only",
    access: "exclusiveAccess",
    sharedWith: "registrants",
  },
  {
    code: 7,
    name: "Write Exclusive - All Registrants",
    access: "writeExclusive",
    sharedWith: "allRegistrants",
  },
  {
    code: 8,
    name: "Exclusive Access - All Registrants",
    access: "exclusiveAccess",
    sharedWith: "allRegistrants",
  },
];

export const reservationTypeOf = (code: number): ReservationType | undefined =>
  reservationTypes.find((type) => type.code === code);
