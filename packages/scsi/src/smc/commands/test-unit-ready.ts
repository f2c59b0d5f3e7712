/** TEST UNIT READY (SPC-5 6.47): the library is ready as long as it runs. */
import { good } from "../../completion.ts";
import { smcCommand } from "./command.ts";

export const testUnitReady = smcCommand({
  name: "TEST UNIT READY",
  opcode: 0x00,
  direction: "none",
  reservation: "persistent",
  cdb: {},
  execute: () => good(),
});
