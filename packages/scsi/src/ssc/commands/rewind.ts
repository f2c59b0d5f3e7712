/** REWIND (SSC-5 7.10). IMMED may return status early; a rewind here takes no time worth it. */
import { bit } from "../../cdb.ts";
import { mediumCommand, recallTimeoutSeconds } from "./command.ts";
import { locateObject } from "../position/positioning.ts";

export const rewind = mediumCommand({
  name: "REWIND",
  opcode: 0x01,
  direction: "none",
  timeoutSeconds: recallTimeoutSeconds,
  synchronizesFirst: true,
  cdb: { immed: bit(1, 0) },
  execute: (mounted) => locateObject(mounted, 0),
});
