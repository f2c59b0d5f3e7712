/**
 * LOAD UNLOAD (SSC-5 7.2). Unloading leaves the cartridge seated, for the changer to take or LOAD to thread again; with
 * HOLD the host has said that it stays, so preventing its removal does not forbid that.
 */
import { bit } from "../../cdb.ts";
import { check, good, invalidFieldInCdb } from "../../completion.ts";
import { chain } from "../../maybe-promise.ts";
import { status } from "../../status.ts";
import { tapeAlert } from "../../tape-alerts.ts";
import type { Nexus } from "../../task.ts";
import type { Completion, MaybePromise } from "../../task.ts";
import { keepAccount } from "../accounts/mount-record.ts";
import type { Medium } from "../medium.ts";
import { answeredEarly } from "../position/early-status.ts";
import { locateObject } from "../position/positioning.ts";
import { notReady } from "../readiness.ts";
import { unusable } from "../cartridges/seated-cartridge.ts";
import type { TapeDrive } from "../tape-drive.ts";
import { driveCommand, recallTimeoutSeconds } from "./command.ts";

function load(drive: TapeDrive, medium: Medium, nexus: Nexus): MaybePromise<Completion> {
  const becomesReady = drive.state !== "ready";
  return chain(locateObject({ drive, medium }, 0, 0), (completion) => {
    if (completion.status !== status.good) return completion;
    drive.transition("load");
    if (becomesReady) drive.attentions.establishForAll("notReadyToReadyChange", nexus);
    return completion;
  });
}

/** The volume's account is kept with it, as by an eject: the changer may be a while, or the power go. */
function unthread(
  drive: TapeDrive,
  medium: Medium,
  event: "unload" | "hold",
  by: Nexus,
): MaybePromise<Completion> {
  const kept = drive.state === "ready" ? keepAccount(drive, medium) : undefined;
  return chain(kept, () => {
    drive.transition(event, { by });
    return good();
  });
}

/** A cartridge that the drive cannot use is not threaded. */
const refusal = ({ seated }: TapeDrive) => (seated === undefined ? undefined : unusable(seated));

/** EOT unthreads at the end of the medium, which LTO cannot; RETEN has no tape to tension. */
export const loadUnload = driveCommand({
  name: "LOAD UNLOAD",
  opcode: 0x1b,
  direction: "none",
  timeoutSeconds: recallTimeoutSeconds,
  cdb: {
    immed: bit(1, 0),
    hold: bit(4, 3),
    eot: bit(4, 2),
    reten: bit(4, 1),
    load: bit(4, 0),
  },
  execute(drive, cdb, call) {
    if (cdb.eot) return invalidFieldInCdb(4, 2);
    const medium = drive.idleMedium;
    if (medium === undefined) return notReady(drive);
    if (!cdb.load && !cdb.hold && drive.preventsRemoval) {
      drive.alerts.raise(tapeAlert.removalPrevented);
      return check("mediumRemovalPrevented");
    }
    if (!cdb.load && !cdb.hold) drive.logicalUnit.loseAbsentHolders();
    const moved = { drive, call };
    return chain(drive.writeBack.synchronize(medium, call), (stored) => {
      if (stored.kind === "fault") return drive.fault(stored);
      call.goOn();
      if (cdb.load) {
        const refused = refusal(drive);
        if (refused !== undefined) return refused;
        if (!cdb.hold) return answeredEarly(moved, cdb.immed, load(drive, medium, call.nexus));
      }
      const event = cdb.hold ? "hold" : "unload";
      return answeredEarly(moved, cdb.immed, unthread(drive, medium, event, call.nexus));
    });
  },
});
