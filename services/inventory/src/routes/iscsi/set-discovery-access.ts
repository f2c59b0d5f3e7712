/** PUT /v1/iscsi/discovery/access: what an initiator has to prove before it is shown targets. */
import { controlDiscoveryAccess, discoveryAccess, discoveryAccessView } from "@reelhouse/contracts";
import { adminSecurity, errorResponses, type Route } from "../route.ts";
import { relayAudited } from "./relay-audited.ts";

export const setDiscoveryAccessRoute: Route = (app, context) => {
  const { path } = controlDiscoveryAccess;
  app.put(
    "/v1/iscsi/discovery/access",
    {
      onRequest: context.bearer("admin"),
      schema: {
        summary: "Say what discovery has to prove.",
        security: adminSecurity,
        body: discoveryAccess,
        response: { 200: discoveryAccessView, ...errorResponses },
      },
    },
    (request) => {
      const { body } = request;
      return relayAudited(context, request, {
        action: "iscsi.access.set",
        subject: "discovery",
        details: { chapNames: body.credentials.map(({ chapName }) => chapName).join(" ") },
        method: "PUT",
        path,
        body,
        response: discoveryAccessView,
      });
    },
  );
};
