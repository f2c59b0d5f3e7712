/** LOCATE(10) and LOCATE(16) (SSC-5 7.3, 7.4). With CP zero PARTITION is not looked at. */
import { bit, bits, uint, uint64 } from "../../cdb.ts";
import { check, good, invalidFieldInCdb } from "../../completion.ts";
import { chain } from "../../maybe-promise.ts";
import type { Completion, MaybePromise } from "../../task.ts";
import { partitionCount } from "../partitions/partitions.ts";
import { answeredEarly } from "../position/early-status.ts";
import { locateObject } from "../position/positioning.ts";
import { type Mounted, mediumCommand, recallTimeoutSeconds } from "./command.ts";

const isUnknown = ({ medium }: Mounted, cp: boolean, partition: number): boolean =>
  cp && partition >= partitionCount(medium);

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
  execute(mounted, { cp, immed, partition, logicalObjectIdentifier }) {
    if (isUnknown(mounted, cp, partition)) return invalidFieldInCdb(8, 7);
    const located = locateObject(mounted, logicalObjectIdentifier, cp ? partition : undefined);
    return answeredEarly(mounted, immed, located);
  },
});

const destinationType = { object: 0, file: 1, endOfData: 3 } as const;

/** To what LOCATE(16) names, in `partition`; left out: in the present one. */
function locateDestination(
  mounted: Mounted,
  destType: number,
  identifier: number,
  partition: number | undefined,
): MaybePromise<Completion> {
  if (destType === destinationType.file) return locateFile(mounted, identifier, partition);
  if (destType === destinationType.object) return locateObject(mounted, identifier, partition);
  return locateEndOfData(mounted, partition);
}

/** The start of logical file `file`: after as many filemarks. */
function locateFile(
  { drive, medium }: Mounted,
  file: number,
  partition: number | undefined,
): MaybePromise<Completion> {
  return chain(medium.locate(0, partition), (located) => {
    if (located.kind === "fault") return drive.fault(located);
    if (file === 0) return good();
    return chain(medium.spaceFilemarks(file), (spaced) => {
      if (spaced.kind === "fault") return drive.fault(spaced);
      return spaced.stop === "count" ? good() : check("endOfData");
    });
  });
}

function locateEndOfData(
  { drive, medium }: Mounted,
  partition: number | undefined,
): MaybePromise<Completion> {
  return chain(medium.locate(0, partition), (located) => {
    if (located.kind === "fault") return drive.fault(located);
    return chain(medium.spaceEndOfData(), (result) =>
      result.kind === "fault" ? drive.fault(result) : good(),
    );
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
  validate: ({ destType }) =>
    Object.values<number>(destinationType).includes(destType) ? undefined : invalidFieldInCdb(1, 4),
  execute(mounted, { cp, immed, partition, destType, logicalIdentifier }) {
    if (isUnknown(mounted, cp, partition)) return invalidFieldInCdb(3, 7);
    const target = cp ? partition : undefined;
    const located = locateDestination(mounted, destType, logicalIdentifier, target);
    return answeredEarly(mounted, immed, located);
  },
});
