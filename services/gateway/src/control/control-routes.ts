/** Every route of the control API, on one screen. */
import type { HttpServer } from "@reelhouse/service-kit";
import type { Gateway } from "../gateway.ts";
import { addDriveRoute } from "./add-drive.ts";
import { addLibraryRoute } from "./add-library.ts";
import { changeDriveRoute } from "./change-drive.ts";
import { changeLibraryRoute } from "./change-library.ts";
import { createVolumeRoute } from "./create-volume.ts";
import { iscsiRoutes } from "./iscsi/iscsi-routes.ts";
import { removeDriveRoute } from "./remove-drive.ts";
import { removeLibraryRoute } from "./remove-library.ts";
import { removeVolumeRoute } from "./remove-volume.ts";

const libraryRoutes = [
  addLibraryRoute,
  changeLibraryRoute,
  removeLibraryRoute,
  addDriveRoute,
  changeDriveRoute,
  removeDriveRoute,
];

export function controlRoutes(http: HttpServer, gateway: Gateway): void {
  const { cartridges, floor } = gateway;
  createVolumeRoute(http, cartridges);
  removeVolumeRoute(http, cartridges);
  for (const route of libraryRoutes) route(http, floor);
  iscsiRoutes(http, gateway);
}
