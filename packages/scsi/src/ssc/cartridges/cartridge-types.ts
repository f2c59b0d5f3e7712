/** What a cartridge is by its barcode label: format, data, write-once or cleaning (the LTO label specification's media identifiers). */
import type { Ultrium } from "./density.ts";

export type CartridgeType =
  | { readonly kind: "data" | "worm"; readonly format: Ultrium }
  /** Cleans a drive of any generation. */
  | { readonly kind: "cleaning" };

const data = (format: Ultrium): CartridgeType => ({ kind: "data", format });
const worm = (format: Ultrium): CartridgeType => ({ kind: "worm", format });
const cleaning: CartridgeType = { kind: "cleaning" };

/** By media identifier: the last two of the eight characters of a label. */
const typesByIdentifier: ReadonlyMap<string, CartridgeType> = new Map([
  ["L1", data("L1")],
  ["L2", data("L2")],
  ["L3", data("L3")],
  ["L4", data("L4")],
  ["L5", data("L5")],
  ["L6", data("L6")],
  ["L7", data("L7")],
  ["M8", data("M8")],
  ["L8", data("L8")],
  ["L9", data("L9")],
  ["LA", data("LA")],
  ["LT", worm("L3")],
  ["LU", worm("L4")],
  ["LV", worm("L5")],
  ["LW", worm("L6")],
  ["LX", worm("L7")],
  ["LY", worm("L8")],
  ["LZ", worm("L9")],
  ["LH", worm("LA")],
  ["CU", cleaning],
]);

const labelLength = 8;
/** Cleaning labels of any maker begin so, whatever the media identifier after it. */
const cleaningPrefix = "CLN";

/**
 * The type that a label names. Undefined for a barcode that is no LTO label (not eight characters, or an identifier
 * nobody gave out): such a cartridge is of whatever format its drive writes.
 */
export function cartridgeTypeOf(barcode: string): CartridgeType | undefined {
  if (barcode.length !== labelLength) return undefined;
  const type = typesByIdentifier.get(barcode.slice(-2));
  return type !== undefined && barcode.startsWith(cleaningPrefix) ? cleaning : type;
}
