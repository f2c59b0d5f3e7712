/** Fixes the device to a tape drive; a medium command moreover finds a ready medium, or the host is told why not. */
import type { Call } from "../../call.ts";
import {
  type BoundCommand,
  type Cdb,
  type CdbLayout,
  type Command,
  type CommandRow,
  defineCommand,
} from "../../cdb.ts";
import { chain } from "../../maybe-promise.ts";
import type { Completion, MaybePromise } from "../../task.ts";
import type { Medium } from "../medium.ts";
import type { TapeDrive } from "../tape-drive.ts";
import { notReady } from "../readiness.ts";

/** A command that works whether or not a medium is ready. */
export const driveCommand = <const L extends CdbLayout>(
  command: Command<TapeDrive, L>,
): BoundCommand<TapeDrive> => defineCommand(command);

/** The drive with a ready medium, for one command. */
export interface Mounted {
  readonly drive: TapeDrive;
  readonly medium: Medium;
  readonly call: Call;
}

export interface MediumCommand<L extends CdbLayout> extends CommandRow {
  readonly cdb: L;
  /** Works on a cartridge that is seated, threaded or not and whatever its format: the auxiliary memory is a chip. */
  readonly seatedSuffices?: true;
  /** Moves away from where was written: what is buffered is stored first, and a failure is told instead (SSC-5 4.2.11). */
  readonly synchronizesFirst?: true;
  /** Faults of the fields, which are told before anything is done. */
  readonly validate?: (cdb: Cdb<L>, drive: TapeDrive, call: Call) => Completion | undefined;
  readonly execute: (mounted: Mounted, cdb: Cdb<L>) => MaybePromise<Completion>;
}

export const mediumCommand = <const L extends CdbLayout>({
  seatedSuffices,
  synchronizesFirst,
  validate,
  execute,
  ...row
}: MediumCommand<L>): BoundCommand<TapeDrive> =>
  defineCommand<TapeDrive, L>({
    ...row,
    execute(drive, cdb, call) {
      const medium = seatedSuffices === true ? drive.idleMedium : drive.readyMedium;
      if (medium === undefined) return notReady(drive);
      const invalid = validate?.(cdb, drive, call);
      if (invalid !== undefined) return invalid;
      const mounted = { drive, medium, call };
      if (synchronizesFirst !== true || !drive.writeBack.hasUnsynchronizedData)
        return execute(mounted, cdb);
      return chain(drive.writeBack.synchronize(medium, call), (stored) => {
        if (stored.kind === "fault") return drive.fault(stored);
        call.goOn();
        return execute(mounted, cdb);
      });
    },
  });

/** Recommended timeouts, in seconds: positioning and reading may have to recall segments from the vault. */
export const recallTimeoutSeconds = 3600;
/** Writing and storing wait for the disk, at worst for a full cache to be drained. */
export const writeTimeoutSeconds = 900;
