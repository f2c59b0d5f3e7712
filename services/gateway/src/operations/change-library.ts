/** More or fewer storage and import/export elements, and another make of changer: one change of the state. */
import type { ChangeLibraryBody, LibraryOutline } from "@reelhouse/contracts";
import { libraryOutline } from "../library/library-events.ts";
import { withChangerMake, withCount } from "../library/shape-changes.ts";
import type { ShapeChange } from "../library/shape-changes.ts";
import type { LibraryState } from "../library/library-state.ts";
import { knownChanger } from "./makes.ts";
import { done, inLibrary, reshape } from "./operations.ts";
import type { Floor, Outcome } from "./operations.ts";

const changed = (state: LibraryState): ShapeChange => ({ kind: "changed", state });

/** The fields in turn; the first that is refused says so, and nothing is changed. */
function next(now: LibraryState, body: ChangeLibraryBody): ShapeChange {
  const { storageSlots, importExportSlots, changerModel } = body;
  const steps: ((state: LibraryState) => ShapeChange)[] = [];
  if (storageSlots !== undefined)
    steps.push((state) => withCount(state, "storage", storageSlots, "body.storageSlots"));
  if (importExportSlots !== undefined)
    steps.push((state) =>
      withCount(state, "importExport", importExportSlots, "body.importExportSlots"),
    );
  if (changerModel !== undefined)
    steps.push((state) => {
      const changer = knownChanger(changerModel, "body.changerModel");
      return changer.kind === "refused" ? changer : withChangerMake(state, changer.make);
    });
  let change = changed(now);
  for (const step of steps) if (change.kind === "changed") change = step(change.state);
  return change;
}

const sayDifferent = (one: unknown, other: unknown) =>
  JSON.stringify(one) !== JSON.stringify(other);

export const changeLibrary = (
  floor: Floor,
  name: string,
  body: ChangeLibraryBody,
): Promise<Outcome<LibraryOutline>> =>
  inLibrary(floor, name, async (robotics) => {
    const { devices } = robotics;
    const change = await reshape(
      robotics,
      (now) => next(now, body),
      (now, before) => {
        if (sayDifferent(now.changer, before.changer)) devices.renameChanger(now.changer);
        if (sayDifferent(now.ranges, before.ranges)) devices.changer.elementsChanged();
      },
    );
    return change.kind === "refused" ? change : done(libraryOutline(change.state));
  });
