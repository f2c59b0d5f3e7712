/** Expectations of a command's result; what is thrown says what was expected and what came. */
import assert from "node:assert/strict";
import { type CommandResult, describeSense, SCSI_STATUS, SENSE_KEYS } from "@reelhouse/testing";
import { Lack } from "./lack.ts";

export type SenseKey = (typeof SENSE_KEYS)[number];

/** What a check wants of sense data; what is left out may be anything. */
export interface WantedSense {
  readonly key: SenseKey;
  /** ASC and ASCQ as one number, 0x2000 for 20h/00h. */
  readonly code?: number;
  readonly filemark?: boolean;
  readonly endOfMedium?: boolean;
  readonly incorrectLength?: boolean;
  /** `null`: VALID must be zero. */
  readonly information?: number | null;
}

/** A result in words. */
export const describe = (result: CommandResult): string => {
  const status = `status ${result.status.toString(16).padStart(2, "0")}h`;
  return result.sense === undefined ? status : `${status}, ${describeSense(result.sense)}`;
};

const INVALID_OPERATION_CODE = 0x20;

/** True when the target answers that it does not have the command at all. */
export const isUnknown = (result: CommandResult): boolean =>
  result.sense?.senseKey === 5 && result.sense.additionalSenseCode === INVALID_OPERATION_CODE;

const lackIfUnknown = (what: string, result: CommandResult): void => {
  if (isUnknown(result)) throw new Lack(`no ${what}`);
};

/** Ends the check with LACK when the target has no such command; else the result must be GOOD. */
export const good = (what: string, result: CommandResult): CommandResult => {
  lackIfUnknown(what, result);
  assert.equal(result.status, SCSI_STATUS.good, `${what}: GOOD expected, got ${describe(result)}`);
  return result;
};

const matches = (result: CommandResult, wanted: WantedSense): boolean => {
  const { sense } = result;
  if (result.status !== SCSI_STATUS.checkCondition || sense === undefined) return false;
  const code = sense.additionalSenseCode * 256 + sense.additionalSenseCodeQualifier;
  const information = sense.information ?? null;
  return (
    SENSE_KEYS[sense.senseKey] === wanted.key &&
    (wanted.code ?? code) === code &&
    (wanted.filemark ?? sense.filemark) === sense.filemark &&
    (wanted.endOfMedium ?? sense.endOfMedium) === sense.endOfMedium &&
    (wanted.incorrectLength ?? sense.incorrectLength) === sense.incorrectLength &&
    (wanted.information === undefined || wanted.information === information)
  );
};

const inWords = (wanted: WantedSense): string => {
  const words: string[] = [wanted.key];
  if (wanted.code !== undefined) words.push(wanted.code.toString(16).padStart(4, "0"));
  for (const flag of ["filemark", "endOfMedium", "incorrectLength"] as const)
    if (wanted[flag] !== undefined) words.push(`${flag}=${wanted[flag]}`);
  if (wanted.information !== undefined) words.push(`information ${wanted.information}`);
  return words.join(" ");
};

/** The same for a CHECK CONDITION that must come. */
export const checkCondition = (
  what: string,
  result: CommandResult,
  wanted: WantedSense,
): CommandResult => {
  lackIfUnknown(what, result);
  assert(matches(result, wanted), `${what}: ${inWords(wanted)} expected, got ${describe(result)}`);
  return result;
};

export const conflict = (what: string, result: CommandResult): void =>
  assert.equal(
    result.status,
    SCSI_STATUS.reservationConflict,
    `${what}: RESERVATION CONFLICT expected, got ${describe(result)}`,
  );

/** The field pointer of fixed format sense data (SPC-5 4.4.2.4.1): byte and, when BPV is set, bit. */
export const fieldPointer = (result: CommandResult): { byte: number; bit?: number } | undefined => {
  const { senseBytes } = result;
  const specific = senseBytes[15] ?? 0;
  if ((specific & 0x80) === 0) return undefined;
  const byte = senseBytes.readUInt16BE(16);
  return (specific & 0x08) === 0 ? { byte } : { byte, bit: specific & 0x07 };
};
