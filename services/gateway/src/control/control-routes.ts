/** Every route of the control API, on one screen. */
import type { HttpServer } from "@reelhouse/service-kit";
import type { Gateway } from "../gateway.ts";
import { addDriveRoute } from "./add-drive.ts";
import { addLibraryRoute } from "./add-library.ts";
import { changeDriveRoute } from "./change-drive.ts";
import { changeLibraryRoute } from "./change-library.ts";
import { createVolumeRoute } from "./create-volume.ts";
import { discoveryAccessRoutes } from "./discovery-access.ts";
import { iscsiSessionRoutes } from "./iscsi-sessions.ts";
import { removeDriveRoute } from "./remove-drive.ts";
import { removeLibraryRoute } from "./remove-library.ts";
import { removeVolumeRoute } from "./remove-volume.ts";
import { targetAccessRoutes } from "./target-access.ts";
import { targetRedirectRoutes } from "./target-redirect.ts";

const libraryRoutes = [
  addLibraryRoute,
  changeLibraryRoute,
  removeLibraryRoute,
  addDriveRoute,
  changeDriveRoute,
  removeDriveRoute,
];

export function controlRoutes(http: HttpServer, gateway: Gateway): void {
  const { cartridges, frontEnd, floor } = gateway;
  createVolumeRoute(http, cartridges);
  removeVolumeRoute(http, cartridges);
  for (const route of libraryRoutes) route(http, floor);
  targetAccessRoutes(http, frontEnd);
  discoveryAccessRoutes(http, frontEnd);
  iscsiSessionRoutes(http, frontEnd);
  targetRedirectRoutes(http, frontEnd);
}
