/** Mode pages (SPC-5 7.5): a row each: current, default and changeable values and what a change does. */
import { be, join } from "../../bytes.ts";
import type { Nexus } from "../../task.ts";

/** Where the fault lies, counted from the byte after the page length field. */
export interface ModePageFault {
  readonly byte: number;
  readonly bit?: number;
}

export interface ModePage {
  readonly pageCode: number;
  /** Present in pages of the subpage format. */
  readonly subpageCode?: number;
  readonly name: string;
  /** The bytes after the page length field, as that nexus has them; few pages differ from one nexus to the other. */
  current(nexus: Nexus): Uint8Array;
  readonly defaults: Uint8Array;
  /** Mode page policy "per I_T nexus" (SPC-5 7.7.8): others do not hear of a change. Left out: shared. */
  readonly perNexus?: true;
  /** MODE SELECT with SP saves it, and it begins with what was saved; never of a page that is per nexus. */
  readonly savable?: true;
  /** Ones where an application client may change the value; as long as the page. */
  readonly changeable: Uint8Array;
  /** Page lengths MODE SELECT takes besides the page's own. */
  acceptsLength?(length: number): boolean;
  /** The first field at fault; in place of the rule that bits which are not changeable must be as they are. */
  invalidField?(data: Uint8Array): ModePageFault | undefined;
  /** Called with values that differ from the current ones in changeable bits only, or that `invalidField` let pass. */
  apply?(data: Uint8Array, nexus: Nexus): void;
}

/** The first bit that differs from the current value and may not. */
export function unchangeableField(
  current: Uint8Array,
  changeable: Uint8Array,
  data: Uint8Array,
): ModePageFault | undefined {
  for (let byte = 0; byte < data.length; byte++) {
    const wrong = (data[byte]! ^ current[byte]!) & ~changeable[byte]! & 0xff;
    if (wrong !== 0) return { byte, bit: 31 - Math.clz32(wrong) };
  }
  return undefined;
}

/** A page nobody can change. */
export function fixedModePage(pageCode: number, name: string, data: readonly number[]): ModePage {
  const bytes = Uint8Array.from(data);
  const changeable = new Uint8Array(bytes.length);
  return { pageCode, name, current: () => bytes, defaults: bytes, changeable };
}

/** A subpage nobody can change. */
export const fixedModeSubpage = (
  pageCode: number,
  subpageCode: number,
  name: string,
  data: readonly number[],
): ModePage => ({ ...fixedModePage(pageCode, name, data), subpageCode });

/** By page code and subpage code, as MODE SENSE lists them. */
export const inPageOrder = (pages: readonly ModePage[]): readonly ModePage[] =>
  [...pages].sort(
    (one, other) =>
      one.pageCode - other.pageCode || (one.subpageCode ?? 0) - (other.subpageCode ?? 0),
  );

/** A page nobody can change from here, whose values may differ from one moment to the next. */
export function readOnlyModePage(pageCode: number, name: string, read: () => Uint8Array): ModePage {
  return {
    pageCode,
    name,
    current: read,
    get defaults() {
      return read();
    },
    get changeable() {
      return new Uint8Array(read().length);
    },
  };
}

/** PC field of MODE SENSE. */
export const pageControl = { current: 0, changeable: 1, defaults: 2, saved: 3 } as const;

const parametersSavable = 0x80;
const subpageFormat = 0x40;

/** Page header, with PS where the page can be saved, and values. */
export function encodeModePage(page: ModePage, values: Uint8Array): Uint8Array {
  const code = page.pageCode | (page.savable === true ? parametersSavable : 0);
  return page.subpageCode === undefined
    ? join(code, values.length, values)
    : join(code | subpageFormat, page.subpageCode, be(values.length, 2), values);
}
