/** PUT /v1/iscsi/targets/{targetName}/access: who may log in to a target, and what it has to prove. */
import {
  controlTargetAccess,
  targetAccess,
  type TargetAccess,
  targetAccessView,
} from "@reelhouse/contracts";
import { controlPath } from "../../gateway-relay.ts";
import { adminSecurity, errorResponses, type Route } from "../route.ts";
import { relayAudited } from "./relay-audited.ts";

/** What the audit keeps of a rule: everything but the secrets. */
const detailsOf = ({ initiators, severalInitiators, credentials }: TargetAccess) => ({
  initiators: initiators?.join(" ") ?? null,
  severalInitiators,
  chapNames: credentials.map(({ chapName }) => chapName).join(" "),
});

export const setTargetAccessRoute: Route = (app, context) => {
  const { path, params } = controlTargetAccess;
  app.put(
    "/v1/iscsi/targets/:targetName/access",
    {
      onRequest: context.bearer("admin"),
      schema: {
        summary: "Say who may log in to a target. Its sessions end; new logins follow at once.",
        security: adminSecurity,
        params,
        body: targetAccess,
        response: { 200: targetAccessView, ...errorResponses },
      },
    },
    (request) => {
      const { targetName } = request.params;
      const { body } = request;
      return relayAudited(context, request, {
        action: "iscsi.access.set",
        subject: targetName,
        details: detailsOf(body),
        method: "PUT",
        path: controlPath(path, targetName),
        body,
        response: targetAccessView,
      });
    },
  );
};
