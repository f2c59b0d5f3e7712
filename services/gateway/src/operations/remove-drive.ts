/** An empty drive goes: from the state first, then nobody logs in to it any more, then sessions on it end. */
import { driveAt, driveHindrance, withoutDrive } from "../library/shape-changes.ts";
import { done, heldBySessions, inLibrary, reshape } from "./operations.ts";
import type { Floor, Outcome } from "./operations.ts";

export const removeDrive = (
  floor: Floor,
  name: string,
  address: number,
  force: boolean,
): Promise<Outcome<null>> =>
  inLibrary(floor, name, async (robotics) => {
    const { library, devices, forgetDevice } = robotics;
    const hindrance = driveHindrance(library.state, address);
    if (hindrance !== undefined) return hindrance;
    const drive = driveAt(library.state, address)!;
    const { targetName, serialNumber } = drive;
    const held = force
      ? undefined
      : heldBySessions(floor, [targetName], "DRIVE_IN_USE", "path.address");
    if (held !== undefined) return held;
    const change = await reshape(
      robotics,
      (now) => withoutDrive(now, address),
      (now, before) => {
        devices.removeDrive(drive);
        devices.changer.driveChanged("removed");
        if (now.ranges.dataTransfer.count !== before.ranges.dataTransfer.count)
          devices.changer.elementsChanged();
      },
    );
    if (change.kind === "refused") return change;
    await floor.sessions.end(targetName);
    await forgetDevice(serialNumber);
    return done(null);
  });
