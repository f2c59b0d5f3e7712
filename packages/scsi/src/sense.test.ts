/** Fixed-format sense data (SPC-5 4.4.3). */
import { expect, test } from "vitest";
import { encodeSense } from "./sense.ts";
import { hex } from "./testing-initiator.ts";

test.each([
  ["a condition alone", encodeSense("mediumNotPresent"), "700002000000000a000000003a0000000000"],
  [
    "residue and FILEMARK",
    encodeSense("filemarkDetected", { information: 3, filemark: true }),
    "f00080000000030a00000000000100000000",
  ],
  [
    "negative residue and ILI",
    encodeSense("noSense", { information: -6, incorrectLength: true }),
    "f00020fffffffa0a00000000000000000000",
  ],
  [
    "EOM",
    encodeSense("volumeOverflow", { information: 1, endOfMedium: true }),
    "f0004d000000010a00000000000200000000",
  ],
  [
    "a deferred error",
    encodeSense("writeError", { deferred: true }),
    "710003000000000a000000000c0000000000",
  ],
  [
    "a field pointer into the CDB with a bit",
    encodeSense("invalidFieldInCdb", { field: { in: "cdb", byte: 2, bit: 5 } }),
    "700005000000000a00000000240000cd0002",
  ],
  [
    "a field pointer into the data without a bit",
    encodeSense("invalidFieldInParameterList", { field: { in: "data", byte: 300 } }),
    "700005000000000a0000000026000080012c",
  ],
  [
    "a residue that does not fit",
    encodeSense("endOfData", { information: 2 ** 33 }),
    "700008000000000a00000000000500000000",
  ],
])("%s → its bytes", (_condition, sense, expected) => {
  expect(hex(sense)).toBe(expected);
});
