/**
 * Explicit address mode (SSC-5 4.2.22): the 16-byte commands name partition and logical object, and the medium goes
 * there first. A write with FCS zero goes on with a sequence: it must already stand there.
 */
import { bit, uint, uint64 } from "../../cdb.ts";
import { check, invalidFieldInCdb } from "../../completion.ts";
import { chain } from "../../maybe-promise.ts";
import { status } from "../../status.ts";
import type { Completion, MaybePromise } from "../../task.ts";
import type { Mounted } from "../commands/command.ts";
import { partitionCount } from "../partitions/partitions.ts";
import { locateObject } from "./positioning.ts";

/** PARTITION and LOGICAL OBJECT IDENTIFIER of READ, WRITE, WRITE FILEMARKS, ERASE and VERIFY(16). */
export const explicitFields = { partition: uint(3, 1), logicalObjectIdentifier: uint64(4) };

/** FCS and LCS: first and last command in a sequence of writes. */
export const sequenceFields = { fcs: bit(1, 3), lcs: bit(1, 2) };

export interface ExplicitPosition {
  readonly partition: number;
  readonly logicalObjectIdentifier: number;
}

const isThere = (
  { medium: { position } }: Mounted,
  { partition, logicalObjectIdentifier }: ExplicitPosition,
): boolean => position.partition === partition && position.objectNumber === logicalObjectIdentifier;

/** Goes there, then on; the completion when that fails. */
export function atPosition(
  mounted: Mounted,
  where: ExplicitPosition,
  goOn: () => MaybePromise<Completion>,
): MaybePromise<Completion> {
  if (isThere(mounted, where)) return goOn();
  const { drive, medium, call } = mounted;
  if (where.partition >= partitionCount(medium)) return invalidFieldInCdb(3, 7);
  return chain(drive.writeBack.synchronize(medium, call), (stored) => {
    if (stored.kind === "fault") return drive.fault(stored);
    call.goOn();
    const located = locateObject(mounted, where.logicalObjectIdentifier, where.partition);
    return chain(located, (completion) => {
      if (completion.status !== status.good) return completion;
      call.goOn();
      return goOn();
    });
  });
}

/** The same for a write: only the first command of a sequence may move the medium. */
export function inSequence(
  mounted: Mounted,
  where: ExplicitPosition & { readonly fcs: boolean },
  goOn: () => MaybePromise<Completion>,
): MaybePromise<Completion> {
  if (!where.fcs && !isThere(mounted, where)) return check("sequentialPositioningError");
  return atPosition(mounted, where, goOn);
}
