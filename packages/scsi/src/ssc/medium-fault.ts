/** Faults of the medium port as the host sees them. */
import { check } from "../completion.ts";
import type { SenseName } from "../sense.ts";
import { status } from "../status.ts";
import { type TapeAlert, tapeAlert } from "../tape-alerts.ts";
import type { Completion, DataIn } from "../task.ts";
import { recordFault } from "./accounts/fault-log.ts";
import type { MediumFault } from "./medium.ts";
import type { TapeDrive } from "./tape-drive.ts";

type SensedFault = Exclude<MediumFault["fault"], "full">;

/** A failed recall is the gateway's trouble, not the cartridge's: HARDWARE ERROR, so that no tape is retired for it. */
const rows: Readonly<
  Record<
    SensedFault,
    {
      readonly sense: SenseName;
      readonly alert: TapeAlert;
      readonly counter: "writeErrors" | "readErrors";
    }
  >
> = {
  write: { sense: "writeError", alert: tapeAlert.writeFailure, counter: "writeErrors" },
  read: { sense: "unrecoveredReadError", alert: tapeAlert.readFailure, counter: "readErrors" },
  recall: { sense: "internalTargetFailure", alert: tapeAlert.hardError, counter: "readErrors" },
};

/**
 * The fault of a synchronize that comes after its command has put objects on the medium. BUSY says that nothing was
 * done, and the retry would write them twice: no room is a write error here.
 */
export function afterStaging(fault: MediumFault): MediumFault {
  return fault.fault === "full" ? { ...fault, fault: "write" } : fault;
}

export function faultCompletion(
  drive: TapeDrive,
  { fault, givenUp }: MediumFault,
  information?: number,
  dataIn?: DataIn,
): Completion {
  if (fault === "full") {
    dataIn?.release();
    return { status: status.busy };
  }
  const { sense, alert, counter } = rows[fault];
  if (givenUp !== true) {
    drive.alerts.raise(alert);
    drive.statistics[counter]++;
    recordFault(drive, sense);
  }
  return check(sense, { information }, dataIn);
}
