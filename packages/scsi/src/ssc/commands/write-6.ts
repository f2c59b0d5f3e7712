/** WRITE(6) (SSC-5 7.14): where the medium stands. */
import { bit, uint } from "../../cdb.ts";
import { writeFault, writeObjects } from "../blocks/writing.ts";
import { mediumCommand, writeTimeoutSeconds } from "./command.ts";

export const write6 = mediumCommand({
  name: "WRITE(6)",
  opcode: 0x0a,
  direction: "out",
  timeoutSeconds: writeTimeoutSeconds,
  cdb: { fixed: bit(1, 0), transferLength: uint(2, 3) },
  validate: (cdb, drive, call) => writeFault(cdb, drive, call, 2),
  execute: (mounted, cdb) => writeObjects(mounted, cdb, 2),
});
