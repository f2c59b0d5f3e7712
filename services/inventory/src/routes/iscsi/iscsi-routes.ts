/** Every route about iSCSI, on one screen. */
import type { Route } from "../route.ts";
import { clearDiscoveryAccessRoute } from "./clear-discovery-access.ts";
import { clearTargetAccessRoute } from "./clear-target-access.ts";
import { clearTargetRedirectRoute } from "./clear-target-redirect.ts";
import { endSessionRoute } from "./end-session.ts";
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

/** These need the catalogue for the audit alone: no row, no deed. */
export const changingIscsiRoutes: readonly Route[] = [
  setTargetAccessRoute,
  clearTargetAccessRoute,
  setDiscoveryAccessRoute,
  clearDiscoveryAccessRoute,
  setTargetRedirectRoute,
  clearTargetRedirectRoute,
  endSessionRoute,
];

/** What the gateway alone knows: answered without the catalogue, also while its database is away. */
export const showingIscsiRoutes: readonly Route[] = [
  listTargetsRoute,
  showTargetAccessRoute,
  showDiscoveryAccessRoute,
  showTargetRedirectRoute,
  listSessionsRoute,
  showSessionRoute,
  listInitiatorsRoute,
  listRefusalsRoute,
];
