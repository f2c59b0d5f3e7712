/** REST resource: libraries, without what lies in them; `libraryView` shows one with all its elements. */
import { z } from "zod";
import { addLibraryBody, deviceMake, libraryOutline } from "../control/libraries.ts";

export const librarySummary = libraryOutline.extend({ gateway: z.string() });
export type LibrarySummary = z.infer<typeof librarySummary>;

/** The makes are those of a first library where none are named. */
export const createLibraryBody = addLibraryBody.extend({
  driveModel: deviceMake.default("IBM:ULT3580-TD8"),
  changerModel: deviceMake.default("STK:L700"),
});
