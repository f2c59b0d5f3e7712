/** INITIALIZE ELEMENT STATUS and its form WITH RANGE (SMC-3 6.4, 6.5): the inventory is known at all times, nothing is scanned. */
import { bit, uint } from "../../cdb.ts";
import { good } from "../../completion.ts";
import { smcCommand } from "./command.ts";

export const initializeElementStatus = smcCommand({
  name: "INITIALIZE ELEMENT STATUS",
  opcode: 0x07,
  direction: "none",
  cdb: {},
  execute: () => good(),
});

/** The same under the vendor-specific operation code that Quantum's, Overland's and Tandberg's libraries gave it. */
export const initializeElementStatusWithRangeVendor = smcCommand({
  name: "INITIALIZE ELEMENT STATUS WITH RANGE (vendor)",
  opcode: 0xe7,
  cdbLength: 10,
  direction: "none",
  cdb: { range: bit(1, 0), startingElementAddress: uint(2, 2), numberOfElements: uint(6, 2) },
  execute: () => good(),
});

/** FAST, RANGE, the starting address and the count only say where a scan may be left out. */
export const initializeElementStatusWithRange = smcCommand({
  name: "INITIALIZE ELEMENT STATUS WITH RANGE",
  opcode: 0x37,
  direction: "none",
  cdb: {
    fast: bit(1, 1),
    range: bit(1, 0),
    startingElementAddress: uint(2, 2),
    numberOfElements: uint(6, 2),
  },
  execute: () => good(),
});
