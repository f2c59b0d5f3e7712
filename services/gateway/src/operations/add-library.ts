/** A library more: its file is written, then its changer and drives can be logged in to. */
import type { AddLibraryBody, LibraryOutline } from "@reelhouse/contracts";
import { libraryOutline } from "../library/library-events.ts";
import { newLibrary } from "../library/new-library.ts";
import { refuse } from "../library/shape-changes.ts";
import { knownChanger, knownDrive } from "./makes.ts";
import { done } from "./operations.ts";
import type { Floor, Outcome } from "./operations.ts";

/** Each has its own discovery entries, metrics and state; more are for another gateway. */
export const libraryCountMax = 32;

export const addLibrary = (floor: Floor, body: AddLibraryBody): Promise<Outcome<LibraryOutline>> =>
  floor.inTurn(async () => {
    const { house, gatewayName } = floor;
    const { name } = body;
    if (house.libraries.find(name) !== undefined)
      return refuse("LIBRARY_EXISTS", "body.name", `It is ${name}.`);
    if (house.libraries.all().length >= libraryCountMax)
      return refuse("LIBRARY_LIMIT", "body", `A gateway has at most ${libraryCountMax}.`);
    const drive = knownDrive(body.driveModel, "body.driveModel");
    if (drive.kind === "refused") return drive;
    const changer = knownChanger(body.changerModel, "body.changerModel");
    if (changer.kind === "refused") return changer;
    const state = newLibrary({
      gatewayName,
      name,
      driveCount: body.drives,
      storageCount: body.storageSlots,
      importExportCount: body.importExportSlots,
      drive: drive.make,
      changer: changer.make,
      firstTapes: [],
    });
    const library = await house.libraries.add(state);
    await house.openRobotics(library);
    return done(libraryOutline(library.state));
  });
