/** REWIND (SSC-5 7.10). */
import { bit } from "../../cdb.ts";
import { mediumCommand, recallTimeoutSeconds } from "./command.ts";
import { answeredEarly } from "../position/early-status.ts";
import { locateObject } from "../position/positioning.ts";

export const rewind = mediumCommand({
  name: "REWIND",
  opcode: 0x01,
  direction: "none",
  timeoutSeconds: recallTimeoutSeconds,
  synchronizesFirst: true,
  cdb: { immed: bit(1, 0) },
  execute: (mounted, { immed }) => answeredEarly(mounted, immed, locateObject(mounted, 0)),
});
