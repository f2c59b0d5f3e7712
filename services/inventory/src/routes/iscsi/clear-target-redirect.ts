/** DELETE /v1/iscsi/targets/{targetName}/redirect: logins to the target are taken here again. */
import { controlTargetRedirect, targetRedirectView } from "@reelhouse/contracts";
import { controlPath } from "../../gateway-relay.ts";
import { adminSecurity, errorResponses, type Route } from "../route.ts";
import { relayAudited } from "./relay-audited.ts";

export const clearTargetRedirectRoute: Route = (app, context) => {
  const { path, params } = controlTargetRedirect;
  app.delete(
    "/v1/iscsi/targets/:targetName/redirect",
    {
      onRequest: context.bearer("admin"),
      schema: {
        summary: "Take logins to a target here again.",
        security: adminSecurity,
        params,
        response: { 200: targetRedirectView, ...errorResponses },
      },
    },
    (request) => {
      const { targetName } = request.params;
      return relayAudited(context, request, {
        action: "iscsi.redirect.clear",
        subject: targetName,
        method: "DELETE",
        path: controlPath(path, targetName),
        response: targetRedirectView,
      });
    },
  );
};
