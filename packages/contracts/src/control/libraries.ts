/** What the inventory asks of a gateway about its libraries: their drives, elements and makes. All answer when it is on disk. */
import { z } from "zod";
import { entityName } from "../ids.ts";
import { deviceDescription, driveDescription, elementRanges } from "../events/element.ts";

export const driveCountMax = 64;
export const storageSlotCountMax = 60_000;
export const importExportSlotCountMax = 5_000;

/** What INQUIRY says: vendor:product or vendor:product:revision. */
export const deviceMake = z
  .string()
  .regex(
    /^[ -9;-~]{1,8}:[ -9;-~]{1,16}(?::[ -9;-~]{1,4})?$/,
    "is not vendor:product or vendor:product:revision",
  );

const storageSlots = z.int().min(1).max(storageSlotCountMax);
const importExportSlots = z.int().min(0).max(importExportSlotCountMax);

/** A library without what lies in it. */
export const libraryOutline = z.object({
  library: entityName,
  changer: deviceDescription,
  drives: z.array(driveDescription),
  ranges: elementRanges,
});
export type LibraryOutline = z.infer<typeof libraryOutline>;

export const addLibraryBody = z.strictObject({
  name: entityName,
  drives: z.int().min(1).max(driveCountMax),
  storageSlots,
  importExportSlots,
  driveModel: deviceMake,
  changerModel: deviceMake,
});

/** What is left out stays as it is. */
export const changeLibraryBody = z.strictObject({
  storageSlots: storageSlots.optional(),
  importExportSlots: importExportSlots.optional(),
  changerModel: deviceMake.optional(),
});

export const addDriveBody = z.strictObject({
  model: deviceMake,
  /** Element address: behind the last drive, or where one was taken out. Left out: the first such. */
  address: z.int().min(0).max(0xffff).optional(),
});
export const changeDriveBody = z.strictObject({ model: deviceMake });

export const libraryParams = z.object({ library: entityName });
export const driveParams = libraryParams.extend({
  address: z.coerce.number().int().min(0).max(0xffff),
});

/** `force`: sessions on what goes are ended; without it they keep it from going. */
export const removalQuery = z.strictObject({
  force: z
    .enum(["true", "false"])
    .default("false")
    .transform((text) => text === "true"),
});

const libraryPath = "/control/v1/libraries/:library";
const drivePath = `${libraryPath}/drives/:address`;

export const addLibrary = {
  path: "/control/v1/libraries",
  body: addLibraryBody,
  response: libraryOutline,
} as const;
export const changeLibrary = {
  path: libraryPath,
  body: changeLibraryBody,
  response: libraryOutline,
} as const;
export const removeLibrary = { path: libraryPath } as const;
export const addDrive = {
  path: `${libraryPath}/drives`,
  body: addDriveBody,
  response: driveDescription,
} as const;
export const changeDrive = {
  path: drivePath,
  body: changeDriveBody,
  response: driveDescription,
} as const;
export const removeDrive = { path: drivePath } as const;

export type AddLibraryBody = z.infer<typeof addLibraryBody>;
export type ChangeLibraryBody = z.infer<typeof changeLibraryBody>;
export type AddDriveBody = z.infer<typeof addDriveBody>;
export type ChangeDriveBody = z.infer<typeof changeDriveBody>;
