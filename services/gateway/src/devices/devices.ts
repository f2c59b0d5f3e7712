/**
 * The SCSI targets of a library: one for the medium changer, one for each drive, each with its logical unit at LUN 0
 * (as AWS's gateway has it, so that notes for it hold for us). Drives come and go while the library runs.
 */
import assert from "node:assert/strict";
import type { ScsiTarget, ScsiTask } from "@reelhouse/iscsi";
import { newMediumChanger, newTapeDrive, ScsiDevice } from "@reelhouse/scsi";
import type { DevicePorts, Identity, MediumChanger, Robot, TapeDrive } from "@reelhouse/scsi";
import type { DeviceIdentity, DriveIdentity, LibraryState } from "../library/library-state.ts";
import { gateReads } from "./read-gate.ts";
import { watchCommands } from "./watch-commands.ts";
import type { CommandWatch, WatchedDevice } from "./watch-commands.ts";

/** The targets of all libraries, by iSCSI name. */
export type Targets = Map<string, ScsiTarget>;

export interface Devices {
  /** By element address. */
  readonly drives: ReadonlyMap<number, TapeDrive>;
  readonly changer: MediumChanger;
  /** What metrics and log lines call a drive. */
  readonly driveName: (address: number) => string;
  /** The initiator that asked for the move that is being made. */
  readonly mover: () => string | null;
  /** A drive that the library's state has now. */
  addDrive(drive: DriveIdentity): Promise<void>;
  /** One that it no longer has: nobody logs in to it any more. */
  removeDrive(drive: DriveIdentity): void;
  /** The makes of the changer and of a drive are others now; their hosts are told. */
  renameChanger(changer: DeviceIdentity): void;
  renameDrive(drive: DriveIdentity): void;
  /** The library is no more: none of its targets is there. */
  removeAll(): void;
}

export interface DevicesOptions {
  readonly state: LibraryState;
  /** The gateway's first library: its devices are named without the library's name. */
  readonly isFirst: boolean;
  /** All that the gateway has; this library's are put there. */
  readonly targets: Targets;
  readonly robotOf: (drives: ReadonlyMap<number, TapeDrive>) => Robot;
  readonly openPorts: (serialNumber: string) => Promise<DevicePorts>;
  readonly watch: CommandWatch;
  /** Of the portals: each group is a target port of every device. */
  readonly portalGroupTags: readonly number[];
}

/** MOVE MEDIUM and EXCHANGE MEDIUM (SMC-3): the commands by which an initiator carries cartridges. */
const moves: ReadonlySet<number> = new Set([0xa5, 0xa6]);

const watchedDevice = (
  name: string,
  unit: { readonly commandName: WatchedDevice["commandName"] },
): WatchedDevice => ({ name, commandName: (cdb) => unit.commandName(cdb) });

/** Notes which commands that carry cartridges are under way, in the order in which the changer makes them. */
function watchMoves(watch: CommandWatch, movers: ScsiTask[]): CommandWatch {
  return {
    begun: (device, task) => {
      watch.begun?.(device, task);
      if (moves.has(task.cdb[0] ?? 0)) movers.push(task);
    },
    ended: (device, task, completion) => {
      const index = movers.indexOf(task);
      if (index >= 0) movers.splice(index, 1);
      watch.ended(device, task, completion);
    },
  };
}

export async function openDevices(options: DevicesOptions): Promise<Devices> {
  const { state, targets, openPorts, watch } = options;
  const prefix = options.isFirst ? "" : `${state.library}-`;
  const automationSerialNumber = state.changer.serialNumber;
  const drives = new Map<number, TapeDrive>();
  const own = new Set<string>();
  const movers: ScsiTask[] = [];
  const driveName = (address: number) => `${prefix}drive-${address}`;
  const scsiIdentity = (device: DeviceIdentity): Identity => ({
    ...device,
    naa: BigInt(`0x${device.naa}`),
    portalGroupTags: options.portalGroupTags,
  });
  const driveIdentity = (drive: DriveIdentity) => ({
    ...scsiIdentity(drive),
    automationSerialNumber,
  });

  const show = (targetName: string, target: ScsiTarget): void => {
    targets.set(targetName, target);
    own.add(targetName);
  };
  const hide = (targetName: string): void => {
    targets.delete(targetName);
    own.delete(targetName);
  };

  const addDrive = async (drive: DriveIdentity): Promise<void> => {
    const made = newTapeDrive(driveIdentity(drive), await openPorts(drive.serialNumber));
    drives.set(drive.address, made);
    const device = gateReads(new ScsiDevice(made.logicalUnit));
    const watched = watchedDevice(driveName(drive.address), made.logicalUnit);
    show(drive.targetName, watchCommands(watched, device, watch));
  };

  const changer = newMediumChanger(
    scsiIdentity(state.changer),
    options.robotOf(drives),
    await openPorts(state.changer.serialNumber),
  );
  const changerDevice = gateReads(new ScsiDevice(changer.logicalUnit));
  const changerWatch = watchMoves(watch, movers);
  const watched = watchedDevice(`${prefix}changer`, changer.logicalUnit);
  show(state.changer.targetName, watchCommands(watched, changerDevice, changerWatch));
  for (const drive of state.drives) await addDrive(drive);

  return {
    drives,
    changer,
    driveName,
    mover: () => movers[0]?.nexus.initiatorName ?? null,
    addDrive,
    removeDrive({ address, targetName }) {
      hide(targetName);
      drives.delete(address);
    },
    renameChanger: (identity) => changer.become(scsiIdentity(identity)),
    renameDrive(drive) {
      const renamed = drives.get(drive.address);
      assert(renamed !== undefined, `the library's state has no drive at ${drive.address}`);
      renamed.become(driveIdentity(drive));
    },
    removeAll() {
      for (const targetName of own) hide(targetName);
    },
  };
}
