/** GET /v1/iscsi/targets/{targetName}/redirect: where logins to a target are sent instead. */
import { controlTargetRedirect, targetRedirectView } from "@reelhouse/contracts";
import { controlPath, relay } from "../../gateway-relay.ts";
import { adminSecurity, errorResponses, type Route } from "../route.ts";

export const showTargetRedirectRoute: Route = (app, { gateway, bearer }) => {
  const { path, params } = controlTargetRedirect;
  app.get(
    "/v1/iscsi/targets/:targetName/redirect",
    {
      onRequest: bearer("admin"),
      schema: {
        summary: "Where logins to a target are sent instead; null: nowhere, it is here.",
        security: adminSecurity,
        params,
        response: { 200: targetRedirectView, ...errorResponses },
      },
    },
    ({ params: { targetName } }) =>
      relay(gateway, {
        method: "GET",
        path: controlPath(path, targetName),
        response: targetRedirectView,
      }),
  );
};
