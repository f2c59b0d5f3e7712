/** Another make for an empty drive: its hosts hear of it, and the changer's, because DVCID names drives by make. */
import type { ChangeDriveBody } from "@reelhouse/contracts";
import { driveTold } from "../library/library-events.ts";
import { driveAt, withDriveMake } from "../library/shape-changes.ts";
import { knownDrive } from "./makes.ts";
import { done, inLibrary, reshape } from "./operations.ts";
import type { Floor, Outcome } from "./operations.ts";

export const changeDrive = (
  floor: Floor,
  name: string,
  address: number,
  { model }: ChangeDriveBody,
): Promise<Outcome<ReturnType<typeof driveTold>>> =>
  inLibrary(floor, name, async (robotics) => {
    const { devices } = robotics;
    const known = knownDrive(model, "body.model");
    if (known.kind === "refused") return known;
    const change = await reshape(
      robotics,
      (now) => withDriveMake(now, address, known.make),
      (now) => {
        devices.renameDrive(driveAt(now, address)!);
        devices.changer.inventoryChanged();
      },
    );
    if (change.kind === "refused") return change;
    return done(driveTold(driveAt(change.state, address)!));
  });
