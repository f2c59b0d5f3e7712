/**
 * The SCSI targets of the library: one for the medium changer, one for each drive, each with its logical unit at LUN 0
 * (as AWS's gateway has it, so that notes for it hold for us).
 */
import type { ScsiTarget, ScsiTask } from "@reelhouse/iscsi";
import { MediumChanger, ScsiDevice, TapeDrive } from "@reelhouse/scsi";
import type { DevicePorts, Identity, Robot } from "@reelhouse/scsi";
import type { DeviceIdentity, LibraryState } from "../library/library-state.ts";
import { gateReads } from "./read-gate.ts";
import { watchCommands } from "./watch-commands.ts";
import type { CommandWatch } from "./watch-commands.ts";

export const portalGroupTag = 1;

/** What metrics and log lines call a drive. */
export const driveName = (address: number): string => `drive-${address}`;

export interface Devices {
  readonly drives: ReadonlyMap<number, TapeDrive>;
  readonly changer: MediumChanger;
  /** By iSCSI target name. */
  readonly targets: ReadonlyMap<string, ScsiTarget>;
  /** The initiator that asked for the move that is being made. */
  readonly mover: () => string | null;
}

/** MOVE MEDIUM and EXCHANGE MEDIUM (SMC-3): the commands by which an initiator carries cartridges. */
const moves: ReadonlySet<number> = new Set([0xa5, 0xa6]);

const scsiIdentity = (device: DeviceIdentity): Identity => ({
  ...device,
  naa: BigInt(`0x${device.naa}`),
  targetPortName: `${device.targetName},t,0x${portalGroupTag.toString(16).padStart(4, "0")}`,
  relativeTargetPort: 1,
});

/** The ports of a device by its serial number. */
export type PortsOf = (serialNumber: string) => DevicePorts;

export const createDrives = (
  state: LibraryState,
  portsOf: PortsOf,
): ReadonlyMap<number, TapeDrive> =>
  new Map(
    state.drives.map((drive) => {
      const automationSerialNumber = state.changer.serialNumber;
      const identity = { ...scsiIdentity(drive), automationSerialNumber };
      return [drive.address, new TapeDrive(identity, portsOf(drive.serialNumber))];
    }),
  );

export function createDevices(
  state: LibraryState,
  drives: ReadonlyMap<number, TapeDrive>,
  robot: Robot,
  watch: CommandWatch,
  portsOf: PortsOf,
): Devices {
  const { serialNumber } = state.changer;
  const changer = new MediumChanger(scsiIdentity(state.changer), robot, portsOf(serialNumber));
  /** Of the moves that were asked for and not answered; the changer makes them in this order. */
  const movers: ScsiTask[] = [];
  const targets = new Map<string, ScsiTarget>([
    [
      state.changer.targetName,
      watchCommands("changer", gateReads(new ScsiDevice(changer.logicalUnit)), {
        begun: (device, task) => {
          watch.begun?.(device, task);
          if (moves.has(task.cdb[0] ?? 0)) movers.push(task);
        },
        ended: (device, task, completion) => {
          const index = movers.indexOf(task);
          if (index >= 0) movers.splice(index, 1);
          watch.ended(device, task, completion);
        },
      }),
    ],
  ]);
  for (const { address, targetName } of state.drives) {
    const drive = drives.get(address);
    if (drive === undefined) continue;
    const name = driveName(address);
    targets.set(
      targetName,
      watchCommands(name, gateReads(new ScsiDevice(drive.logicalUnit)), watch),
    );
  }
  return { drives, changer, targets, mover: () => movers[0]?.nexus.initiatorName ?? null };
}
