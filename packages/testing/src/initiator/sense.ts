/** Sense data (SPC-5 4.4), fixed and descriptor format, with the fields tape commands use (SSC-5). */

export interface Sense {
  /** 70h/72h current, 71h/73h deferred. */
  readonly deferred: boolean;
  readonly senseKey: number;
  readonly additionalSenseCode: number;
  readonly additionalSenseCodeQualifier: number;
  readonly filemark: boolean;
  readonly endOfMedium: boolean;
  readonly incorrectLength: boolean;
  /** Two's complement, as SSC commands give the residue; undefined when VALID is 0. */
  readonly information: number | undefined;
}

export const SENSE_KEYS = [
  "NO SENSE",
  "RECOVERED ERROR",
  "NOT READY",
  "MEDIUM ERROR",
  "HARDWARE ERROR",
  "ILLEGAL REQUEST",
  "UNIT ATTENTION",
  "DATA PROTECT",
  "BLANK CHECK",
  "VENDOR SPECIFIC",
  "COPY ABORTED",
  "ABORTED COMMAND",
  "RESERVED",
  "VOLUME OVERFLOW",
  "MISCOMPARE",
  "COMPLETED",
] as const;

export const senseKeyName = (sense: Sense): (typeof SENSE_KEYS)[number] =>
  SENSE_KEYS[sense.senseKey & 0x0f] ?? "RESERVED";

const tapeFlags = (byte: number) => ({
  filemark: (byte & 0x80) !== 0,
  endOfMedium: (byte & 0x40) !== 0,
  incorrectLength: (byte & 0x20) !== 0,
});

const parseFixed = (bytes: Buffer): Sense => {
  const at = (offset: number) => bytes[offset] ?? 0;
  const valid = (at(0) & 0x80) !== 0 && bytes.length >= 7;
  return {
    deferred: (at(0) & 0x7f) === 0x71,
    senseKey: at(2) & 0x0f,
    additionalSenseCode: at(12),
    additionalSenseCodeQualifier: at(13),
    ...tapeFlags(at(2)),
    information: valid ? bytes.readInt32BE(3) : undefined,
  };
};

const DESCRIPTOR_INFORMATION = 0x00;
const DESCRIPTOR_STREAM_COMMANDS = 0x04;

const parseDescriptors = (bytes: Buffer): Sense => {
  let information: number | undefined;
  let flags = 0;
  for (let at = 8; at + 1 < bytes.length; at += 2 + (bytes[at + 1] ?? 0)) {
    const valid = ((bytes[at + 2] ?? 0) & 0x80) !== 0;
    if (bytes[at] === DESCRIPTOR_INFORMATION && valid && at + 12 <= bytes.length)
      information = Number(bytes.readBigInt64BE(at + 4));
    if (bytes[at] === DESCRIPTOR_STREAM_COMMANDS) flags = bytes[at + 3] ?? 0;
  }
  return {
    deferred: ((bytes[0] ?? 0) & 0x7f) === 0x73,
    senseKey: (bytes[1] ?? 0) & 0x0f,
    additionalSenseCode: bytes[2] ?? 0,
    additionalSenseCodeQualifier: bytes[3] ?? 0,
    ...tapeFlags(flags),
    information,
  };
};

/** Undefined when there is none, or its response code is none of the four. */
export const parseSense = (bytes: Buffer): Sense | undefined => {
  const responseCode = (bytes[0] ?? 0) & 0x7f;
  if (bytes.length >= 3 && (responseCode === 0x70 || responseCode === 0x71))
    return parseFixed(bytes);
  if (bytes.length >= 4 && (responseCode === 0x72 || responseCode === 0x73))
    return parseDescriptors(bytes);
  return undefined;
};

const hex2 = (value: number) => value.toString(16).padStart(2, "0");

/** `UNIT ATTENTION 28/00`, with the tape bits that are set. */
export const describeSense = (sense: Sense): string =>
  [
    sense.deferred ? "deferred" : "",
    senseKeyName(sense),
    `${hex2(sense.additionalSenseCode)}/${hex2(sense.additionalSenseCodeQualifier)}`,
    sense.filemark ? "FILEMARK" : "",
    sense.endOfMedium ? "EOM" : "",
    sense.incorrectLength ? "ILI" : "",
    sense.information === undefined ? "" : `information ${sense.information}`,
  ]
    .filter((word) => word !== "")
    .join(" ");
