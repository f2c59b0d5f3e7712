/** Cartridge types by barcode label. */
import { expect, test } from "vitest";
import { cartridgeTypeOf } from "./cartridge-types.ts";

test.each([
  ["RHS001L5", "data L5"],
  ["RHS001L9", "data L9"],
  ["RHS001LA", "data LA"],
  ["RHS001M8", "data M8"],
  ["RHS001LT", "worm L3"],
  ["RHS001LY", "worm L8"],
  ["RHS001LZ", "worm L9"],
  ["CLNU01CU", "cleaning"],
  ["CLN001L8", "cleaning"],
  ["RHS001XX", "none"],
  ["VOL1L5", "none"],
  ["AMZN01234L8", "none"],
])("%s → %s", (barcode, told) => {
  const type = cartridgeTypeOf(barcode);
  const format = type !== undefined && "format" in type ? ` ${type.format}` : "";
  expect(`${type?.kind ?? "none"}${format}`).toBe(told);
});
