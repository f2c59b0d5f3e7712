/** Mode pages (SPC-5 7.5): a row each: current, default and changeable values and what a change does. */
import { be, join } from "../../bytes.ts";

export interface ModePage {
  readonly pageCode: number;
  /** Present in pages of the subpage format. */
  readonly subpageCode?: number;
  readonly name: string;
  /** The bytes after the page length field. */
  current(): Uint8Array;
  readonly defaults: Uint8Array;
  /** Ones where an application client may change the value; as long as the page. */
  readonly changeable: Uint8Array;
  /** Called with values that differ from the current ones in changeable bits only. */
  apply?(data: Uint8Array): void;
}

/** A page nobody can change. */
export function fixedModePage(pageCode: number, name: string, data: readonly number[]): ModePage {
  const bytes = Uint8Array.from(data);
  const changeable = new Uint8Array(bytes.length);
  return { pageCode, name, current: () => bytes, defaults: bytes, changeable };
}

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

export function pageValues(page: ModePage, control: number): Uint8Array {
  if (control === pageControl.changeable) return page.changeable;
  return control === pageControl.defaults ? page.defaults : page.current();
}

/** Page header and values. PS is zero: nothing is savable. */
export function encodeModePage(page: ModePage, control: number): Uint8Array {
  const values = pageValues(page, control);
  return page.subpageCode === undefined
    ? join(page.pageCode, values.length, values)
    : join(page.pageCode | 0x40, page.subpageCode, be(values.length, 2), values);
}
