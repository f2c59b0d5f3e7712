/** The outcomes of a command, as values. */
import type { Completion, DataIn } from "./task.ts";
import { type FieldPointer, type SenseDetail, type SenseName, encodeSense } from "./sense.ts";
import { status } from "./status.ts";

const goodCompletion: Completion = Object.freeze({ status: status.good });

export function good(dataIn?: DataIn): Completion {
  return dataIn === undefined ? goodCompletion : { status: status.good, dataIn };
}

function nothingToRelease(): void {
  // Parameter data is made for one command and left to the garbage collector.
}

/** GOOD with parameter data, cut to the allocation length (SPC-5 4.2.5.6). */
export function goodData(bytes: Uint8Array, allocationLength: number): Completion {
  const cut = bytes.length > allocationLength ? bytes.subarray(0, allocationLength) : bytes;
  if (cut.length === 0) return goodCompletion;
  return good({ views: [cut], byteLength: cut.length, release: nothingToRelease });
}

/** CHECK CONDITION; `dataIn` is what was read before the condition arose. */
export function check(name: SenseName, detail?: SenseDetail, dataIn?: DataIn): Completion {
  return { status: status.checkCondition, sense: encodeSense(name, detail), dataIn };
}

/** ILLEGAL REQUEST, INVALID FIELD IN CDB, with the field pointer. */
export function invalidFieldInCdb(byte: number, bit?: number): Completion {
  return check("invalidFieldInCdb", { field: { in: "cdb", byte, bit } });
}

/** ILLEGAL REQUEST, INVALID FIELD IN PARAMETER LIST, with the field pointer. */
export function invalidFieldInParameterList(byte: number, bit?: number): Completion {
  const field: FieldPointer = { in: "data", byte, bit };
  return check("invalidFieldInParameterList", { field });
}
