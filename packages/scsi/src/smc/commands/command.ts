/** Fixes the device to a medium changer, so that a command file states only its layout and its effect. */
import { type BoundCommand, type CdbLayout, type Command, defineCommand } from "../../cdb.ts";
import type { MediumChanger } from "../medium-changer.ts";

export const smcCommand = <const L extends CdbLayout>(
  command: Command<MediumChanger, L>,
): BoundCommand<MediumChanger> => defineCommand(command);

/** Recommended timeout of moves, in seconds: a drive stores what it holds, and a cartridge is recalled, meanwhile. */
export const moveTimeoutSeconds = 900;
