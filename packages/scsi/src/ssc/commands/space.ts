/** SPACE(6) and SPACE(16) (SSC-5 7.11): over blocks, filemarks, sequential filemarks, or to end of data. */
import { bits, int, uint } from "../../cdb.ts";
import { invalidFieldInCdb } from "../../completion.ts";
import { isSpaceCode, space } from "../position/positioning.ts";
import { mediumCommand, recallTimeoutSeconds } from "./command.ts";

const validate = ({ code }: { readonly code: number }) =>
  isSpaceCode(code) ? undefined : invalidFieldInCdb(1, 3);

export const space6 = mediumCommand({
  name: "SPACE(6)",
  opcode: 0x11,
  direction: "none",
  timeoutSeconds: recallTimeoutSeconds,
  synchronizesFirst: true,
  cdb: { code: bits(1, 3, 0), count: int(2, 3) },
  validate,
  execute: (mounted, { code, count }) => space(mounted, code, count),
});

/** No parameter list: PARAMETER LENGTH must be zero. */
export const space16 = mediumCommand({
  name: "SPACE(16)",
  opcode: 0x91,
  direction: "none",
  timeoutSeconds: recallTimeoutSeconds,
  synchronizesFirst: true,
  cdb: { code: bits(1, 3, 0), count: int(4, 8), parameterLength: uint(12, 2) },
  validate: (cdb) => (cdb.parameterLength === 0 ? validate(cdb) : invalidFieldInCdb(12, 7)),
  execute: (mounted, { code, count }) => space(mounted, code, count),
});
