/** Every route about the iSCSI front end, on one screen. */
import type { HttpServer } from "@reelhouse/service-kit";
import { clearDiscoveryAccessRoute } from "./clear-discovery-access.ts";
import { clearTargetAccessRoute } from "./clear-target-access.ts";
import { clearTargetRedirectRoute } from "./clear-target-redirect.ts";
import { endSessionRoute } from "./end-session.ts";
import type { IscsiParts, IscsiRoute } from "./iscsi-route.ts";
import { listInitiatorsRoute } from "./list-initiators.ts";
import { listRefusalsRoute } from "./list-refusals.ts";
import { listSessionsRoute } from "./list-sessions.ts";
import { listTargetsRoute } from "./list-targets.ts";
import { setDiscoveryAccessRoute } from "./set-discovery-access.ts";
import { setTargetAccessRoute } from "./set-target-access.ts";
import { setTargetRedirectRoute } from "./set-target-redirect.ts";
import { showDiscoveryAccessRoute } from "./show-discovery-access.ts";
import { showSessionRoute } from "./show-session.ts";
import { showTargetAccessRoute } from "./show-target-access.ts";
import { showTargetRedirectRoute } from "./show-target-redirect.ts";

const routes: readonly IscsiRoute[] = [
  listTargetsRoute,
  showTargetAccessRoute,
  setTargetAccessRoute,
  clearTargetAccessRoute,
  showDiscoveryAccessRoute,
  setDiscoveryAccessRoute,
  clearDiscoveryAccessRoute,
  showTargetRedirectRoute,
  setTargetRedirectRoute,
  clearTargetRedirectRoute,
  listSessionsRoute,
  showSessionRoute,
  endSessionRoute,
  listRefusalsRoute,
  listInitiatorsRoute,
];

export function iscsiRoutes(http: HttpServer, parts: IscsiParts): void {
  for (const route of routes) route(http, parts);
}
