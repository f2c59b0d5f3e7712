/** READ(6) (SSC-5 7.5): from where the medium stands. */
import { bit, uint } from "../../cdb.ts";
import { readFault, readObjects } from "../blocks/reading.ts";
import { mediumCommand, recallTimeoutSeconds } from "./command.ts";

export const read6 = mediumCommand({
  name: "READ(6)",
  opcode: 0x08,
  direction: "in",
  timeoutSeconds: recallTimeoutSeconds,
  synchronizesFirst: true,
  cdb: { sili: bit(1, 1), fixed: bit(1, 0), transferLength: uint(2, 3) },
  validate: (cdb, drive) => readFault(cdb, drive, 2),
  execute: readObjects,
});
