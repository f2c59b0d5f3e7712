/**
 * What an operator changes on the libraries while they run. One change at a time; each is on disk when it is answered.
 * A change is made between the changer's commands, so that no move is under way to an element that goes.
 */
import type { ErrorCode } from "@reelhouse/contracts";
import type { House } from "../house.ts";
import type { InTurn } from "../in-turn.ts";
import type { LibraryState } from "../library/library-state.ts";
import { refuse } from "../library/shape-changes.ts";
import type { ShapeChange, ShapeRefusal } from "../library/shape-changes.ts";
import type { TargetSessions } from "../portal/target-sessions.ts";
import type { Robotics } from "../robotics.ts";

export interface Floor {
  readonly house: Pick<House, "libraries" | "robotics" | "openRobotics">;
  readonly sessions: TargetSessions;
  readonly gatewayName: string;
  readonly inTurn: InTurn;
}

export type Outcome<Value> = { readonly kind: "done"; readonly value: Value } | ShapeRefusal;

export const done = <Value>(value: Value): Outcome<Value> => ({ kind: "done", value });

/** Does `work` with the library of that name, when it is its turn. */
export const inLibrary = <Value>(
  { house, inTurn }: Floor,
  name: string,
  work: (robotics: Robotics) => Promise<Outcome<Value>>,
): Promise<Outcome<Value>> =>
  inTurn(async () => {
    const robotics = house.robotics.get(name);
    return robotics === undefined
      ? refuse("LIBRARY_NOT_FOUND", "path.library", `There is no library ${name}.`)
      : work(robotics);
  });

/** Changes the library's state between the changer's commands; `changed` then shows it to the hosts, before the next one. */
export const reshape = async (
  { library, devices }: Robotics,
  next: (now: LibraryState) => ShapeChange,
  changed: (now: LibraryState, before: LibraryState) => void | Promise<void>,
): Promise<ShapeChange> =>
  devices.changer.exclusive(async () => {
    const before = library.state;
    const change = await library.reshape(next);
    if (change.kind === "changed") await changed(change.state, before);
    return change;
  });

/** A refusal when hosts have sessions on one of the targets. */
export function heldBySessions(
  { sessions }: Floor,
  targetNames: readonly string[],
  code: Extract<ErrorCode, "DRIVE_IN_USE" | "LIBRARY_IN_USE">,
  field: string,
): ShapeRefusal | undefined {
  const hosts = targetNames.flatMap((name) => sessions.initiators(name));
  if (hosts.length === 0) return undefined;
  return refuse(code, field, `Logged in: ${[...new Set(hosts)].join(", ")}.`);
}
