/** GET /v1/iscsi/targets/{targetName}/access: who may log in to a target, and what it has to prove. */
import { controlTargetAccess, targetAccessView } from "@reelhouse/contracts";
import { controlPath, relay } from "../../gateway-relay.ts";
import { adminSecurity, errorResponses, type Route } from "../route.ts";

export const showTargetAccessRoute: Route = (app, { gateway, bearer }) => {
  const { path, params } = controlTargetAccess;
  app.get(
    "/v1/iscsi/targets/:targetName/access",
    {
      onRequest: bearer("admin"),
      schema: {
        summary: "Who may log in to a target. Secrets are never shown.",
        security: adminSecurity,
        params,
        response: { 200: targetAccessView, ...errorResponses },
      },
    },
    ({ params: { targetName } }) =>
      relay(gateway, {
        method: "GET",
        path: controlPath(path, targetName),
        response: targetAccessView,
      }),
  );
};
