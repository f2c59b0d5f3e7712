/** READ(16) (SSC-5 6.4): from the partition and logical object it names. */
import { bit, uint } from "../../cdb.ts";
import { atPosition, explicitFields } from "../position/explicit-position.ts";
import { readFault, readObjects } from "../blocks/reading.ts";
import { mediumCommand, recallTimeoutSeconds } from "./command.ts";

export const read16 = mediumCommand({
  name: "READ(16)",
  opcode: 0x88,
  direction: "in",
  timeoutSeconds: recallTimeoutSeconds,
  synchronizesFirst: true,
  cdb: { sili: bit(1, 1), fixed: bit(1, 0), ...explicitFields, transferLength: uint(12, 3) },
  validate: (cdb, drive) => readFault(cdb, drive, 12),
  execute: (mounted, cdb) => atPosition(mounted, cdb, () => readObjects(mounted, cdb)),
});
