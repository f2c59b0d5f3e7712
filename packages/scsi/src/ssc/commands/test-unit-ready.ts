/** TEST UNIT READY (SPC-5 6.47). */
import { good } from "../../completion.ts";
import { mediumCommand } from "./command.ts";

export const testUnitReady = mediumCommand({
  name: "TEST UNIT READY",
  opcode: 0x00,
  direction: "none",
  reservation: "persistent",
  cdb: {},
  execute: () => good(),
});
