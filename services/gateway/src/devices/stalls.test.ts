/** How long a device has owed an answer. */
import { expect, test } from "vitest";
import { createStalls } from "./stalls.ts";

test("commands begun and ended → the time since the last answer, while one is owed", () => {
  let nowMs = 1000;
  const stalls = createStalls(() => nowMs);
  expect(stalls.stalledMs("drive-256")).toBe(0);
  stalls.begun("drive-256");
  nowMs += 50;
  stalls.begun("drive-256");
  nowMs += 50;
  expect(stalls.stalledMs("drive-256")).toBe(100);
  expect(stalls.stalledMs("drive-257")).toBe(0);
  stalls.ended("drive-256");
  nowMs += 7;
  expect(stalls.stalledMs("drive-256")).toBe(7);
  stalls.ended("drive-256");
  expect(stalls.stalledMs("drive-256")).toBe(0);
  nowMs += 500;
  stalls.begun("drive-256");
  nowMs += 1;
  expect(stalls.stalledMs("drive-256")).toBe(1);
});
