/** Conditions the iSCSI layer itself ends a task with, and their sense data (RFC 7143 11.4.7.2). */

const ABORTED_COMMAND = 0x0b;

/** Condition to additional sense code and qualifier; the sense key is ABORTED COMMAND. */
const conditions = {
  unexpectedUnsolicitedData: [0x0c, 0x0c],
  incorrectAmountOfData: [0x0c, 0x0d],
  crcError: [0x47, 0x05],
} as const satisfies Readonly<Record<string, readonly [asc: number, ascq: number]>>;
export type IscsiCondition = keyof typeof conditions;

const FIXED_SENSE_BYTES = 18;
const CURRENT_ERROR = 0x70;

/** Sense data in fixed format (SPC-5 4.4.3). */
export function senseOf(condition: IscsiCondition): Uint8Array {
  const [asc, ascq] = conditions[condition];
  const sense = new Uint8Array(FIXED_SENSE_BYTES);
  sense[0] = CURRENT_ERROR;
  sense[2] = ABORTED_COMMAND;
  sense[7] = FIXED_SENSE_BYTES - 8;
  sense[12] = asc;
  sense[13] = ascq;
  return sense;
}
