/** WRITE(16) (SSC-5 6.8): at the partition and logical object it names. LCS ends a sequence, which changes nothing here. */
import { bit, uint } from "../../cdb.ts";
import { explicitFields, inSequence, sequenceFields } from "../position/explicit-position.ts";
import { writeFault, writeObjects } from "../blocks/writing.ts";
import { mediumCommand, recallTimeoutSeconds } from "./command.ts";

export const write16 = mediumCommand({
  name: "WRITE(16)",
  opcode: 0x8a,
  direction: "out",
  timeoutSeconds: recallTimeoutSeconds,
  cdb: { ...sequenceFields, fixed: bit(1, 0), ...explicitFields, transferLength: uint(12, 3) },
  validate: (cdb, drive, call) => writeFault(cdb, drive, call, 12),
  execute: (mounted, cdb) => inSequence(mounted, cdb, () => writeObjects(mounted, cdb, 12)),
});
