/** Every route of the inventory, on one screen. /healthz, /readyz and /metrics come from service-kit. */
import { addDriveRoute } from "./add-drive.ts";
import { addLibraryRoute } from "./add-library.ts";
import { changeDriveRoute } from "./change-drive.ts";
import { changeLibraryRoute } from "./change-library.ts";
import { createTapeRoute } from "./create-tape.ts";
import { deleteTapeRoute } from "./delete-tape.ts";
import { deliverEventsRoute } from "./deliver-events.ts";
import { getTapeRoute } from "./get-tape.ts";
import { changingIscsiRoutes, showingIscsiRoutes } from "./iscsi/iscsi-routes.ts";
import { libraryRoute } from "./library.ts";
import { listAuditRoute } from "./list-audit.ts";
import { listLibrariesRoute } from "./list-libraries.ts";
import { listSegmentsRoute } from "./list-segments.ts";
import { listTapesRoute } from "./list-tapes.ts";
import { removeDriveRoute } from "./remove-drive.ts";
import { removeLibraryRoute } from "./remove-library.ts";
import { showLibraryRoute } from "./show-library.ts";
import type { Route } from "./route.ts";

/** These need the catalogue; /openapi.json stands apart because it does not. */
export const catalogueRoutes: readonly Route[] = [
  libraryRoute,
  listLibrariesRoute,
  showLibraryRoute,
  addLibraryRoute,
  changeLibraryRoute,
  removeLibraryRoute,
  addDriveRoute,
  changeDriveRoute,
  removeDriveRoute,
  listTapesRoute,
  createTapeRoute,
  getTapeRoute,
  deleteTapeRoute,
  listSegmentsRoute,
  listAuditRoute,
  deliverEventsRoute,
  ...changingIscsiRoutes,
];

/** What the gateway alone knows: answered without the catalogue, also while its database is away. */
export const gatewayRoutes: readonly Route[] = showingIscsiRoutes;
