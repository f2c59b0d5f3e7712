/** WRITE FILEMARKS(16) (SSC-5 6.9): at the partition and logical object it names. */
import { bit, uint } from "../../cdb.ts";
import { explicitFields, inSequence, sequenceFields } from "../position/explicit-position.ts";
import { writeFilemarks } from "../blocks/filemark-writing.ts";
import { mediumCommand, recallTimeoutSeconds } from "./command.ts";

export const writeFilemarks16 = mediumCommand({
  name: "WRITE FILEMARKS(16)",
  opcode: 0x80,
  direction: "none",
  timeoutSeconds: recallTimeoutSeconds,
  cdb: { ...sequenceFields, immed: bit(1, 0), ...explicitFields, filemarkCount: uint(12, 3) },
  execute: (mounted, cdb) => inSequence(mounted, cdb, () => writeFilemarks(mounted, cdb)),
});
