/** A library goes, when it is empty: its file is removed, its targets disappear, sessions on them end. */
import { refuse } from "../library/shape-changes.ts";
import { done, heldBySessions, inLibrary } from "./operations.ts";
import type { Floor, Outcome } from "./operations.ts";

export const removeLibrary = (floor: Floor, name: string, force: boolean): Promise<Outcome<null>> =>
  inLibrary(floor, name, async ({ library, devices, forgetDevice }) => {
    const { house, sessions } = floor;
    const { state } = library;
    const field = "path.library";
    if (library === house.libraries.first) return refuse("LIBRARY_IS_FIRST", field, "");
    const all = [state.changer, ...state.drives];
    const targetNames = all.map(({ targetName }) => targetName);
    const held = force ? undefined : heldBySessions(floor, targetNames, "LIBRARY_IN_USE", field);
    if (held !== undefined) return held;
    const removal = await devices.changer.exclusive(() =>
      library.end(() => house.libraries.remove(name)),
    );
    if (removal.kind === "occupied")
      return refuse("LIBRARY_OCCUPIED", field, `Of its tapes: ${removal.barcode}.`);
    house.robotics.delete(name);
    devices.removeAll();
    for (const targetName of targetNames) await sessions.end(targetName);
    for (const { serialNumber } of all) await forgetDevice(serialNumber);
    return done(null);
  });
