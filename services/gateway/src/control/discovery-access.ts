/** GET, PUT and DELETE /control/v1/iscsi/discovery/access: what a discovery session has to prove. */
import { controlDiscoveryAccess, discoveryAccess, discoveryAccessView } from "@reelhouse/contracts";
import type { HttpServer } from "@reelhouse/service-kit";
import { discovery } from "../access/rules.ts";
import type { FrontEnd } from "../front-end.ts";
import { settle, viewDiscoveryAccess } from "./access-views.ts";

export function discoveryAccessRoutes(
  { app, bearer }: HttpServer,
  { access }: Pick<FrontEnd, "access">,
): void {
  const { path: url } = controlDiscoveryAccess;
  const onRequest = bearer("service");
  const response = { 200: discoveryAccessView };
  app.get(url, { onRequest, schema: { response } }, () => viewDiscoveryAccess(access));
  app.put(url, { onRequest, schema: { body: discoveryAccess, response } }, async ({ body }) => {
    // Discovery shows an initiator what it may use, and many may ask: neither is a rule of its own.
    const rule = { initiators: null, severalInitiators: true, ...body };
    settle(await access.change(discovery, rule));
    return viewDiscoveryAccess(access);
  });
  app.delete(url, { onRequest, schema: { response } }, async () => {
    settle(await access.change(discovery, undefined));
    return viewDiscoveryAccess(access);
  });
}
