/** The changer's part: it seats a cartridge in the drive and takes it out again. Both run between commands. */
import { chain } from "../maybe-promise.ts";
import { tapeAlert } from "../tape-alerts.ts";
import type { MaybePromise } from "../task.ts";
import { greetCartridge } from "./cartridges/cleaning.ts";
import { driveTransitions } from "./drive-state.ts";
import type { Medium, MediumFault } from "./medium.ts";
import { MountRecord, keepAccount } from "./accounts/mount-record.ts";
import { endVerifying } from "./operation.ts";
import type { TapeDrive } from "./tape-drive.ts";

export type LoadResult =
  | { readonly kind: "loaded" }
  | { readonly kind: "refused"; readonly reason: "occupied" }
  | MediumFault;

export type EjectResult =
  | { readonly kind: "ejected"; readonly medium: Medium }
  | { readonly kind: "refused"; readonly reason: "empty" | "medium removal prevented" }
  /** Data answered with GOOD could not be stored, now or earlier; the medium stays. Told once: the next eject goes through. */
  | MediumFault;

/** Threaded and rewound, and every nexus is told (28/00). */
export function insertCartridge(drive: TapeDrive, medium: Medium): MaybePromise<LoadResult> {
  if (driveTransitions[drive.state].insert === "refused")
    return { kind: "refused", reason: "occupied" };
  return chain(medium.locate(0, 0), (located): MaybePromise<LoadResult> => {
    if (located.kind === "fault") {
      drive.alerts.raise(tapeAlert.loadFailure);
      return located;
    }
    return seat(drive, medium);
  });
}

function seat(drive: TapeDrive, medium: Medium): MaybePromise<LoadResult> {
  drive.transition("insert", { inserted: medium });
  // Of the cartridge before: told now it would be taken for this one's.
  drive.failedOperation = undefined;
  beginMount(drive, medium);
  drive.alerts.clear();
  drive.account.volumeLoaded(drive.statistics);
  return chain(keepAccount(drive, medium), () =>
    chain(greetCartridge(drive, medium), (): LoadResult => {
      drive.attentions.establishForAll("notReadyToReadyChange");
      return { kind: "loaded" };
    }),
  );
}

/** Once work that goes on is over, but for verifying, which ends; what is buffered is stored first. */
export function removeCartridge(drive: TapeDrive): MaybePromise<EjectResult> {
  if (!drive.preventsRemoval) endVerifying(drive);
  const { operation } = drive;
  return operation === undefined ? remove(drive) : operation.ended.then(() => remove(drive));
}

function remove(drive: TapeDrive): MaybePromise<EjectResult> {
  const { medium, writeBack } = drive;
  if (medium === undefined) return { kind: "refused", reason: "empty" };
  if (drive.preventsRemoval) return { kind: "refused", reason: "medium removal prevented" };
  drive.logicalUnit.loseAbsentHolders();
  return chain(writeBack.synchronize(medium, undefined), (stored): MaybePromise<EjectResult> => {
    const fault = writeBack.ejectFault(stored);
    if (fault !== undefined) return fault;
    return chain(keepAccount(drive, medium), (): EjectResult => {
      drive.account.mountEnded(drive.statistics);
      drive.transition("remove");
      beginMount(drive, undefined);
      return { kind: "ejected", medium };
    });
  });
}

/** Another cartridge, or none: what was counted, deferred and allowed belonged to the one before. */
function beginMount(drive: TapeDrive, medium: Medium | undefined): void {
  drive.mount = new MountRecord(medium, drive.identity);
  drive.writeBack.forget();
  drive.forgetPartitioning();
}
