/** WRITE FILEMARKS(6) (SSC-5 7.15). Setmarks (WSMK) are long gone. */
import { bit, uint } from "../../cdb.ts";
import { invalidFieldInCdb } from "../../completion.ts";
import { writeFilemarks } from "../blocks/filemark-writing.ts";
import { mediumCommand, writeTimeoutSeconds } from "./command.ts";

export const writeFilemarks6 = mediumCommand({
  name: "WRITE FILEMARKS(6)",
  opcode: 0x10,
  direction: "none",
  timeoutSeconds: writeTimeoutSeconds,
  cdb: { wsmk: bit(1, 1), immed: bit(1, 0), filemarkCount: uint(2, 3) },
  validate: ({ wsmk }) => (wsmk ? invalidFieldInCdb(1, 1) : undefined),
  execute: writeFilemarks,
});
