/** DELETE /v1/iscsi/targets/{targetName}/access: everybody may log in to the target again. */
import { controlTargetAccess, targetAccessView } from "@reelhouse/contracts";
import { controlPath } from "../../gateway-relay.ts";
import { adminSecurity, errorResponses, type Route } from "../route.ts";
import { relayAudited } from "./relay-audited.ts";

export const clearTargetAccessRoute: Route = (app, context) => {
  const { path, params } = controlTargetAccess;
  app.delete(
    "/v1/iscsi/targets/:targetName/access",
    {
      onRequest: context.bearer("admin"),
      schema: {
        summary: "Let everybody log in to a target again. Its sessions end.",
        security: adminSecurity,
        params,
        response: { 200: targetAccessView, ...errorResponses },
      },
    },
    (request) => {
      const { targetName } = request.params;
      return relayAudited(context, request, {
        action: "iscsi.access.clear",
        subject: targetName,
        method: "DELETE",
        path: controlPath(path, targetName),
        response: targetAccessView,
      });
    },
  );
};
