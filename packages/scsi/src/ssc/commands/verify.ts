/** VERIFY(6) and VERIFY(16) (SSC-5 7.12, 6.6): one effect, from the position or from the object they name. */
import { bit, uint } from "../../cdb.ts";
import { atPosition, explicitFields } from "../position/explicit-position.ts";
import { verify, verifyFault } from "../blocks/verifying.ts";
import { mediumCommand, recallTimeoutSeconds } from "./command.ts";

const flags = {
  vte: bit(1, 5),
  vlbpm: bit(1, 4),
  vbf: bit(1, 3),
  immed: bit(1, 2),
  bytcmp: bit(1, 1),
  fixed: bit(1, 0),
};

const row = {
  /** Data-Out comes with BYTCMP only. */
  direction: "out",
  timeoutSeconds: recallTimeoutSeconds,
  synchronizesFirst: true,
} as const;

export const verify6 = mediumCommand({
  ...row,
  name: "VERIFY(6)",
  opcode: 0x13,
  cdb: { ...flags, verificationLength: uint(2, 3) },
  validate: (cdb, drive, call) => verifyFault(cdb, drive, call, 2),
  execute: verify,
});

export const verify16 = mediumCommand({
  ...row,
  name: "VERIFY(16)",
  opcode: 0x8f,
  cdb: { ...flags, ...explicitFields, verificationLength: uint(12, 3) },
  validate: (cdb, drive, call) => verifyFault(cdb, drive, call, 12),
  execute: (mounted, cdb) => atPosition(mounted, cdb, () => verify(mounted, cdb)),
});
