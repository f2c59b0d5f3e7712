/** Fixes the device to "any device", so that a command file states only its layout and its effect. */
import { type BoundCommand, type CdbLayout, type Command, defineCommand } from "../../cdb.ts";
import type { Device } from "../../device.ts";

export const spcCommand = <const L extends CdbLayout>(
  command: Command<Device, L>,
): BoundCommand<Device> => defineCommand(command);
