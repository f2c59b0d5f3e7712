/** ERASE(16) (SSC-5 6.2): from the partition and logical object it names. */
import { bit } from "../../cdb.ts";
import { erase } from "../blocks/erasing.ts";
import { explicitFields, inSequence, sequenceFields } from "../position/explicit-position.ts";
import { mediumCommand, recallTimeoutSeconds } from "./command.ts";

export const erase16 = mediumCommand({
  name: "ERASE(16)",
  opcode: 0x93,
  direction: "none",
  timeoutSeconds: recallTimeoutSeconds,
  synchronizesFirst: true,
  cdb: { ...sequenceFields, immed: bit(1, 1), long: bit(1, 0), ...explicitFields },
  execute: (mounted, cdb) => inSequence(mounted, cdb, () => erase(mounted, cdb)),
});
