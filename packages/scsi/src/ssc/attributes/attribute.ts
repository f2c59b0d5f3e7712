/** Medium auxiliary memory attributes (SPC-5 7.4.1): what a row of the tables says, and how a value is laid out. */
import { ascii, be, join } from "../../bytes.ts";
import type { Medium, MediumAttribute } from "../medium.ts";
import type { TapeDrive } from "../tape-drive.ts";

/** FORMAT. */
export const attributeFormat = { binary: 0, ascii: 1, text: 2 } as const;
export type AttributeFormat = MediumAttribute["format"];

/** What an attribute is read of. */
export interface Mam {
  readonly drive: TapeDrive;
  readonly medium: Medium;
  readonly partition: number;
}

/** An attribute of the device or the medium type: the drive answers it, and no host may write it. */
export interface DerivedAttribute {
  readonly identifier: number;
  readonly name: string;
  readonly format: AttributeFormat;
  /** Undefined when this volume has none. */
  readonly value: (mam: Mam) => Uint8Array | undefined;
}

/** A row whose value is a number of `width` bytes, cut to a whole one. */
export const binaryAttribute = (
  identifier: number,
  name: string,
  width: number,
  value: (mam: Mam) => number | undefined,
): DerivedAttribute => ({
  identifier,
  name,
  format: attributeFormat.binary,
  value: (mam) => {
    const known = value(mam);
    return known === undefined ? undefined : be(Math.floor(known), width);
  },
});

/** A row whose value is a text, padded to `width` bytes. */
export const asciiAttribute = (
  identifier: number,
  name: string,
  width: number,
  value: (mam: Mam) => string,
): DerivedAttribute => ({
  identifier,
  name,
  format: attributeFormat.ascii,
  value: (mam) => ascii(value(mam), width),
});

export interface AttributeValue extends MediumAttribute {
  readonly readOnly: boolean;
}

const readOnlyBit = 0x80;
/** ATTRIBUTE IDENTIFIER, READ ONLY and FORMAT, ATTRIBUTE LENGTH. */
export const attributeHeaderLength = 5;

export function encodeAttribute({ identifier, format, value, readOnly }: AttributeValue) {
  return join(be(identifier, 2), (readOnly ? readOnlyBit : 0) | format, be(value.length, 2), value);
}
