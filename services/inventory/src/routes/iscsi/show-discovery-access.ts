/** GET /v1/iscsi/discovery/access: what an initiator has to prove before it is shown targets. */
import { controlDiscoveryAccess, discoveryAccessView } from "@reelhouse/contracts";
import { relay } from "../../gateway-relay.ts";
import { adminSecurity, errorResponses, type Route } from "../route.ts";

export const showDiscoveryAccessRoute: Route = (app, { gateway, bearer }) => {
  const { path } = controlDiscoveryAccess;
  app.get(
    "/v1/iscsi/discovery/access",
    {
      onRequest: bearer("admin"),
      schema: {
        summary: "What discovery has to prove. Secrets are never shown.",
        security: adminSecurity,
        response: { 200: discoveryAccessView, ...errorResponses },
      },
    },
    () => relay(gateway, { method: "GET", path, response: discoveryAccessView }),
  );
};
