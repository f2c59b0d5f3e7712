/** A tape drive with all that it is asked and shows. */
import type { DevicePorts } from "../device-ports.ts";
import type { Identity } from "../device.ts";
import { driveCommands } from "./commands.ts";
import { driveLogPages } from "./log-pages.ts";
import { driveModePages } from "./mode-pages.ts";
import { type DriveTables, TapeDrive } from "./tape-drive.ts";
import { driveVpdPages } from "./vpd-pages.ts";

const driveTables: DriveTables = {
  commands: driveCommands,
  modePages: driveModePages,
  logPages: driveLogPages,
  vpdPages: driveVpdPages,
};

/** An empty drive. Without `ports` it keeps nothing over its own life. */
export const newTapeDrive = (identity: Identity, ports?: DevicePorts): TapeDrive =>
  new TapeDrive(identity, driveTables, ports);
