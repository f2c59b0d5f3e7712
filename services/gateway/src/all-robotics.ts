/** The moving parts of all libraries: opened at the start, and when a library is added. */
import type { Targets } from "./devices/devices.ts";
import { createInTurn } from "./in-turn.ts";
import type { Libraries } from "./library/libraries.ts";
import type { Library } from "./library/library.ts";
import { openRobotics } from "./robotics.ts";
import type { Robotics, RoboticsOptions } from "./robotics.ts";

export interface AllRobotics {
  /** By the library's name. */
  readonly robotics: Map<string, Robotics>;
  /** The SCSI targets of all libraries. */
  readonly targets: Targets;
  /** Opens the moving part of a library that was added. */
  readonly openRobotics: (library: Library) => Promise<void>;
}

export async function openAllRobotics(
  libraries: Libraries,
  options: Omit<RoboticsOptions, "targets" | "libraryOf" | "cartridgesInTurn">,
): Promise<AllRobotics> {
  const robotics = new Map<string, Robotics>();
  const targets: Targets = new Map();
  const { libraryOf } = libraries;
  const parts = { ...options, targets, libraryOf, cartridgesInTurn: createInTurn() };
  const open = async (library: Library): Promise<void> => {
    const isFirst = library === libraries.first;
    robotics.set(library.state.library, await openRobotics(library, isFirst, parts));
  };
  for (const library of libraries.all()) await open(library);
  libraries.list();
  return { robotics, targets, openRobotics: open };
}
