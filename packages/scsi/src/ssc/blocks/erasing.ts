/** The effect of ERASE(6) and (16) (SSC-5 7.1): the data ends at the position; LONG or not, as nothing after it can be read. */
import { good } from "../../completion.ts";
import { chain } from "../../maybe-promise.ts";
import type { Completion, MaybePromise } from "../../task.ts";
import type { Mounted } from "../commands/command.ts";
import { operate } from "../operation.ts";
import { eraseRefusal } from "../write-permission.ts";

export interface EraseRequest {
  readonly immed: boolean;
  readonly long: boolean;
}

export function erase(mounted: Mounted, { immed, long }: EraseRequest): MaybePromise<Completion> {
  const { drive, medium, call } = mounted;
  const refused = eraseRefusal(drive, medium);
  if (refused !== undefined) return refused;
  const endData = () =>
    chain(medium.erase(), (erased) => {
      if (erased.kind === "fault") return drive.fault(erased);
      drive.writeBack.markWritten(call.nexus);
      return good();
    });
  // A short erase with IMMED leaves the storing to the next synchronize, as WRITE FILEMARKS with IMMED does.
  if (immed && !long) return endData();
  const store = () =>
    chain(drive.writeBack.synchronize(medium, call), (stored) =>
      stored.kind === "fault" ? drive.fault(stored) : good(),
    );
  return operate(mounted, "erase", immed, [endData, store]);
}
