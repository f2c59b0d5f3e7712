/** A medium changer with all its commands. */
import type { DevicePorts } from "../device-ports.ts";
import type { Identity } from "../device.ts";
import { changerCommands } from "./commands.ts";
import { MediumChanger } from "./medium-changer.ts";
import type { Robot } from "./robot.ts";

/** Without `ports` it keeps nothing over its own life. */
export const newMediumChanger = (
  identity: Identity,
  robot: Robot,
  ports?: DevicePorts,
): MediumChanger => new MediumChanger(identity, robot, changerCommands, ports);
