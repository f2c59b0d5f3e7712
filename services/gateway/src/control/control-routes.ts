/** Every route of the control API, on one screen. */
import type { HttpServer } from "@reelhouse/service-kit";
import type { Gateway } from "../gateway.ts";
import { createVolumeRoute } from "./create-volume.ts";
import { discoveryAccessRoutes } from "./discovery-access.ts";
import { iscsiSessionRoutes } from "./iscsi-sessions.ts";
import { removeVolumeRoute } from "./remove-volume.ts";
import { targetAccessRoutes } from "./target-access.ts";
import { targetRedirectRoutes } from "./target-redirect.ts";

export function controlRoutes(http: HttpServer, gateway: Gateway): void {
  const { cartridges, frontEnd } = gateway;
  createVolumeRoute(http, cartridges);
  removeVolumeRoute(http, cartridges);
  targetAccessRoutes(http, frontEnd);
  discoveryAccessRoutes(http, frontEnd);
  iscsiSessionRoutes(http, frontEnd);
  targetRedirectRoutes(http, frontEnd);
}
