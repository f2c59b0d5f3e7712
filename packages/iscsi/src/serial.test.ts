/** RFC 1982 arithmetic at its seam. */
import { expect, test } from "vitest";
import { serialAdd, serialDistance, serialLess } from "./serial.ts";

test("one step over 2^32 - 1 → zero, and it is later", () => {
  expect(serialAdd(0xffffffff, 1)).toBe(0);
  expect(serialAdd(0, -1)).toBe(0xffffffff);
  expect(serialLess(0xffffffff, 0)).toBe(true);
  expect(serialLess(0, 0xffffffff)).toBe(false);
  expect(serialDistance(0xfffffffe, 1)).toBe(3);
});

test("equal numbers → neither is before", () => {
  expect(serialLess(5, 5)).toBe(false);
  expect(serialDistance(5, 5)).toBe(0);
});
