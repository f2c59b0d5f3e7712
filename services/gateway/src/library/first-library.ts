/** The library a gateway is born with, as the settings of its first start have it. */
import type { GatewayConfig } from "../config.ts";
import { firstBarcodes } from "../media/first-tapes.ts";
import type { LibraryState } from "./library-state.ts";
import { newLibrary } from "./new-library.ts";

export const firstLibrary = (config: GatewayConfig): LibraryState =>
  newLibrary({
    gatewayName: config.gatewayName,
    driveCount: config.libraryDrives,
    storageCount: config.librarySlots,
    importExportCount: config.libraryImportExportSlots,
    drive: config.driveModel,
    changer: config.changerModel,
    firstTapes: firstBarcodes(config.libraryTapes, config.driveModel),
  });
