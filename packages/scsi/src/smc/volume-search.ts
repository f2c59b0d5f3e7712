/** A search for volumes by their tags (SMC-3 6.15): what SEND VOLUME TAG asks and REQUEST VOLUME ELEMENT ADDRESS answers. */
import type { Element, ElementType } from "./robot.ts";

export interface VolumeSearch {
  readonly sendActionCode: number;
  readonly type: ElementType | "all";
  readonly firstAddress: number;
  /** Whether a volume tag is one that was asked for. */
  readonly matches: (barcode: string) => boolean;
}

/** SEND ACTION CODE values that look for tags; what the others assert or replace, the barcode reader knows better. */
export const translates = {
  all: 0x00,
  primary: 0x01,
  alternate: 0x02,
  allIgnoringSequence: 0x04,
  primaryIgnoringSequence: 0x05,
  alternateIgnoringSequence: 0x06,
} as const;

const ofAlternateTags: ReadonlySet<number> = new Set([
  translates.alternate,
  translates.alternateIgnoringSequence,
]);
const withSequence: ReadonlySet<number> = new Set([
  translates.all,
  translates.primary,
  translates.alternate,
]);
const known: ReadonlySet<number> = new Set(Object.values(translates));

export const isTranslate = (sendActionCode: number): boolean => known.has(sendActionCode);

/** `*` stands for any rest, `?` for one character (SMC-3 6.15.3). */
function matchesTemplate(template: string, barcode: string): boolean {
  const star = template.indexOf("*");
  const wanted = star < 0 ? template : template.slice(0, star);
  if (star < 0 ? barcode.length !== wanted.length : barcode.length < wanted.length) return false;
  return Array.from(wanted).every(
    (character, index) => character === "?" || character === barcode[index],
  );
}

/** What a template looks for. There are no alternate volume tags, and every volume sequence number is zero. */
export function matcher(
  sendActionCode: number,
  template: string,
  minimumSequenceNumber: number,
): (barcode: string) => boolean {
  const findsNone =
    ofAlternateTags.has(sendActionCode) ||
    (withSequence.has(sendActionCode) && minimumSequenceNumber > 0);
  return (barcode) => !findsNone && matchesTemplate(template, barcode);
}

export const isFound = ({ matches }: VolumeSearch, { barcode }: Element): boolean =>
  barcode !== undefined && matches(barcode);
