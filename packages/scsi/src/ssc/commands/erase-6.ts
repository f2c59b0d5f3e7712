/** ERASE(6) (SSC-5 7.1): from where the medium stands. */
import { bit } from "../../cdb.ts";
import { erase } from "../blocks/erasing.ts";
import { mediumCommand, writeTimeoutSeconds } from "./command.ts";

export const erase6 = mediumCommand({
  name: "ERASE(6)",
  opcode: 0x19,
  direction: "none",
  timeoutSeconds: writeTimeoutSeconds,
  synchronizesFirst: true,
  cdb: { immed: bit(1, 1), long: bit(1, 0) },
  execute: erase,
});
