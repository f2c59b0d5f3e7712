/** LOCATE(10) and LOCATE(16) (SSC-5 7.3, 7.4). There is one partition, number 0. */
import { bit, bits, uint, uint64 } from "../../cdb.ts";
import { check, good, invalidFieldInCdb } from "../../completion.ts";
import { chain } from "../../maybe-promise.ts";
import type { Completion, MaybePromise } from "../../task.ts";
import { locateObject } from "../positioning.ts";
import { type Mounted, mediumCommand, recallTimeoutSeconds } from "./command.ts";

/** BT asks for vendor-specific addresses, which here are the logical object numbers too. */
export const locate10 = mediumCommand({
  name: "LOCATE(10)",
  opcode: 0x2b,
  direction: "none",
  timeoutSeconds: recallTimeoutSeconds,
  synchronizesFirst: true,
  cdb: {
    bt: bit(1, 2),
    cp: bit(1, 1),
    immed: bit(1, 0),
    logicalObjectIdentifier: uint(3, 4),
    partition: uint(8, 1),
  },
  validate: ({ cp, partition }) => (cp && partition !== 0 ? invalidFieldInCdb(8, 7) : undefined),
  execute: (mounted, { logicalObjectIdentifier }) => locateObject(mounted, logicalObjectIdentifier),
});

const destinationType = { object: 0, file: 1, endOfData: 3 } as const;

/** The start of logical file `file`: after as many filemarks. */
function locateFile({ drive, medium }: Mounted, file: number): MaybePromise<Completion> {
  return chain(medium.locate(0), (located) => {
    if (located.kind === "fault") return drive.fault(located);
    if (file === 0) return good();
    return chain(medium.spaceFilemarks(file), (spaced) => {
      if (spaced.kind === "fault") return drive.fault(spaced);
      return spaced.stop === "count" ? good() : check("endOfData");
    });
  });
}

export const locate16 = mediumCommand({
  name: "LOCATE(16)",
  opcode: 0x92,
  direction: "none",
  timeoutSeconds: recallTimeoutSeconds,
  synchronizesFirst: true,
  cdb: {
    destType: bits(1, 4, 3),
    cp: bit(1, 1),
    immed: bit(1, 0),
    partition: uint(3, 1),
    logicalIdentifier: uint64(4),
  },
  validate: ({ cp, partition, destType }) => {
    if (cp && partition !== 0) return invalidFieldInCdb(3, 7);
    return destType === 2 ? invalidFieldInCdb(1, 4) : undefined;
  },
  execute(mounted, { destType, logicalIdentifier }) {
    if (destType === destinationType.file) return locateFile(mounted, logicalIdentifier);
    if (destType === destinationType.object) return locateObject(mounted, logicalIdentifier);
    return chain(mounted.medium.spaceEndOfData(), (result) =>
      result.kind === "fault" ? mounted.drive.fault(result) : good(),
    );
  },
});
