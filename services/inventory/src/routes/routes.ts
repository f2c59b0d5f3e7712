/** Every route of the inventory, on one screen. /healthz, /readyz and /metrics come from service-kit. */
import { createTapeRoute } from "./create-tape.ts";
import { deleteTapeRoute } from "./delete-tape.ts";
import { deliverEventsRoute } from "./deliver-events.ts";
import { getTapeRoute } from "./get-tape.ts";
import { libraryRoute } from "./library.ts";
import { listSegmentsRoute } from "./list-segments.ts";
import { listTapesRoute } from "./list-tapes.ts";
import type { Route } from "./route.ts";

/** These need the catalogue; /openapi.json stands apart because it does not. */
export const catalogueRoutes: readonly Route[] = [
  libraryRoute,
  listTapesRoute,
  createTapeRoute,
  getTapeRoute,
  deleteTapeRoute,
  listSegmentsRoute,
  deliverEventsRoute,
];
