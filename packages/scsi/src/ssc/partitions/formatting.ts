/** FORMAT MEDIUM and SET CAPACITY: the data of the whole medium goes, and it has other partitions (SSC-5 7.1, 7.13). */
import { check, good } from "../../completion.ts";
import { chain } from "../../maybe-promise.ts";
import type { Completion, MaybePromise } from "../../task.ts";
import type { Mounted } from "../commands/command.ts";
import { keepAccount } from "../accounts/mount-record.ts";
import { type OperationKind, operate } from "../operation.ts";
import { formatRefusal } from "../write-permission.ts";

/** Refusals, the position first: only at the beginning of partition 0. */
export function formatFault({ drive, medium }: Mounted): Completion | undefined {
  const { partition, objectNumber } = medium.position;
  if (partition !== 0 || objectNumber !== 0) return check("positionPastBeginningOfMedium");
  return formatRefusal(drive, medium);
}

/** All data is gone, and the partitions are these; the other nexuses learn that the medium may have changed. */
export function format(
  mounted: Mounted,
  kind: OperationKind,
  immed: boolean,
  capacitiesBytes: readonly number[],
): MaybePromise<Completion> {
  const { drive, medium, call } = mounted;
  const formatNow = () =>
    chain(medium.format(capacitiesBytes), (formatted): Completion => {
      if (formatted.kind === "fault") return drive.fault(formatted);
      drive.mount.countFormat();
      drive.forgetPartitioning();
      drive.attentions.establishForAll("notReadyToReadyChange", call.nexus);
      return good();
    });
  return operate(mounted, kind, immed, [
    () => {
      // Kept before the data goes: a host must not trust what it noted of that, even after a crash.
      drive.mount.markWritten();
      return chain(keepAccount(drive, medium), formatNow);
    },
  ]);
}
