/** PUT /v1/iscsi/targets/{targetName}/redirect: logins to a target are sent elsewhere. */
import { controlTargetRedirect, targetRedirect, targetRedirectView } from "@reelhouse/contracts";
import { controlPath } from "../../gateway-relay.ts";
import { adminSecurity, errorResponses, type Route } from "../route.ts";
import { relayAudited } from "./relay-audited.ts";

export const setTargetRedirectRoute: Route = (app, context) => {
  const { path, params } = controlTargetRedirect;
  app.put(
    "/v1/iscsi/targets/:targetName/redirect",
    {
      onRequest: context.bearer("admin"),
      schema: {
        summary: "Send logins to a target elsewhere, for a while or for good. Its sessions end.",
        security: adminSecurity,
        params,
        body: targetRedirect,
        response: { 200: targetRedirectView, ...errorResponses },
      },
    },
    (request) => {
      const { targetName } = request.params;
      const { body } = request;
      return relayAudited(context, request, {
        action: "iscsi.redirect.set",
        subject: targetName,
        details: body,
        method: "PUT",
        path: controlPath(path, targetName),
        body,
        response: targetRedirectView,
      });
    },
  );
};
