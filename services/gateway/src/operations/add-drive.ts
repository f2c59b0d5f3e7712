/** A drive more: hosts can log in to it when the answer is given, and the changer's hosts are told. */
import type { AddDriveBody } from "@reelhouse/contracts";
import { driveTold } from "../library/library-events.ts";
import type { DriveIdentity } from "../library/library-state.ts";
import { withDrive } from "../library/shape-changes.ts";
import { knownDrive } from "./makes.ts";
import { done, inLibrary, reshape } from "./operations.ts";
import type { Floor, Outcome } from "./operations.ts";

export const addDrive = (
  floor: Floor,
  name: string,
  { model, address }: AddDriveBody,
): Promise<Outcome<ReturnType<typeof driveTold>>> =>
  inLibrary(floor, name, async (robotics) => {
    const { devices } = robotics;
    const known = knownDrive(model, "body.model");
    if (known.kind === "refused") return known;
    const added: DriveIdentity[] = [];
    const change = await reshape(
      robotics,
      (now) => withDrive(now, known.make, address),
      async (now, before) => {
        for (const drive of now.drives) {
          if (devices.drives.has(drive.address)) continue;
          await devices.addDrive(drive);
          added.push(drive);
        }
        devices.changer.driveChanged("inserted");
        if (now.ranges.dataTransfer.count !== before.ranges.dataTransfer.count)
          devices.changer.elementsChanged();
      },
    );
    if (change.kind === "refused") return change;
    return done(driveTold(added[0]!));
  });
