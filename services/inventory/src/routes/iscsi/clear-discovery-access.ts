/** DELETE /v1/iscsi/discovery/access: targets are shown to everybody who may use them again. */
import { controlDiscoveryAccess, discoveryAccessView } from "@reelhouse/contracts";
import { adminSecurity, errorResponses, type Route } from "../route.ts";
import { relayAudited } from "./relay-audited.ts";

export const clearDiscoveryAccessRoute: Route = (app, context) => {
  const { path } = controlDiscoveryAccess;
  app.delete(
    "/v1/iscsi/discovery/access",
    {
      onRequest: context.bearer("admin"),
      schema: {
        summary: "Show targets to everybody again.",
        security: adminSecurity,
        response: { 200: discoveryAccessView, ...errorResponses },
      },
    },
    (request) =>
      relayAudited(context, request, {
        action: "iscsi.access.clear",
        subject: "discovery",
        method: "DELETE",
        path,
        response: discoveryAccessView,
      }),
  );
};
