/** Descriptor-format sense data (SPC-5 4.4.2). */
import { expect, test } from "vitest";
import { toDescriptorFormat } from "./descriptor-sense.ts";
import { encodeSense } from "./sense.ts";
import { hex } from "./testing-initiator.ts";

test.each([
  ["a condition alone", encodeSense("mediumNotPresent"), "72023a0000000000"],
  ["a deferred error", encodeSense("writeError", { deferred: true }), "73030c0000000000"],
  [
    "residue and FILEMARK",
    encodeSense("filemarkDetected", { information: 3, filemark: true }),
    "7200000100000010000a8000000000000000000304020080",
  ],
  [
    "negative residue and ILI",
    encodeSense("noSense", { information: -6, incorrectLength: true }),
    "7200000000000010000a8000fffffffffffffffa04020020",
  ],
  [
    "large positive residue",
    encodeSense("endOfData", { information: 0xfffffffa }),
    "720800050000000c000a800000000000fffffffa",
  ],
  [
    "a field pointer",
    encodeSense("invalidFieldInCdb", { field: { in: "cdb", byte: 2, bit: 5 } }),
    "720524000000000802060000cd000200",
  ],
])("%s → its bytes", (_condition, fixed, expected) => {
  expect(hex(toDescriptorFormat(fixed))).toBe(expected);
});
