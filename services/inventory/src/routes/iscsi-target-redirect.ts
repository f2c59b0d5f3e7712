/** GET, PUT and DELETE /v1/iscsi/targets/{targetName}/redirect: where logins to a target are sent instead. */
import {
  controlTargetAccess,
  controlTargetRedirect,
  targetRedirect,
  targetRedirectView,
} from "@reelhouse/contracts";
import { controlPath, relay } from "../gateway-relay.ts";
import { audited } from "../store/audit.ts";
import { deedOf } from "./deed.ts";
import { adminSecurity, errorResponses, type Route } from "./route.ts";

const url = "/v1/iscsi/targets/:targetName/redirect";
const { params } = controlTargetAccess;
const response = { 200: targetRedirectView, ...errorResponses };
const pathOf = (targetName: string) => controlPath(controlTargetRedirect.path, targetName);

export const showTargetRedirectRoute: Route = (app, { gateway, bearer }) => {
  const summary = "Where logins to a target are sent instead; null: nowhere, it is here.";
  app.get(
    url,
    { onRequest: bearer("admin"), schema: { summary, security: adminSecurity, params, response } },
    ({ params: { targetName } }) =>
      relay(gateway, { method: "GET", path: pathOf(targetName), response: targetRedirectView }),
  );
};

export const changeTargetRedirectRoute: Route = (app, { database, gateway, bearer }) => {
  const common = { security: adminSecurity, params, response };
  const onRequest = bearer("admin");
  app.put(
    url,
    {
      onRequest,
      schema: {
        ...common,
        summary: "Send logins to a target elsewhere, for a while or for good. Its sessions end.",
        body: targetRedirect,
      },
    },
    (request) => {
      const { targetName } = request.params;
      const { body } = request;
      const deed = deedOf(request, "iscsi.redirect.set", targetName, body);
      const relayed = { method: "PUT", path: pathOf(targetName), body } as const;
      return audited(database, request.log, deed, () =>
        relay(gateway, { ...relayed, response: targetRedirectView }),
      );
    },
  );
  app.delete(
    url,
    { onRequest, schema: { ...common, summary: "Take logins to a target here again." } },
    (request) => {
      const { targetName } = request.params;
      const deed = deedOf(request, "iscsi.redirect.clear", targetName, {});
      const relayed = { method: "DELETE", path: pathOf(targetName) } as const;
      return audited(database, request.log, deed, () =>
        relay(gateway, { ...relayed, response: targetRedirectView }),
      );
    },
  );
};
