/** GET /control/v1/iscsi/targets/{targetName}/redirect: where logins to a target are sent instead. */
import { controlTargetRedirect, targetRedirectView } from "@reelhouse/contracts";
import type { IscsiRoute } from "./iscsi-route.ts";
import { viewRedirect } from "./redirect-view.ts";
import { findTargetName } from "./target-names.ts";

export const showTargetRedirectRoute: IscsiRoute = ({ app, bearer }, { frontEnd }) => {
  const { path, params } = controlTargetRedirect;
  app.get(
    path,
    { onRequest: bearer("service"), schema: { params, response: { 200: targetRedirectView } } },
    (request) => viewRedirect(frontEnd, findTargetName(frontEnd, request.params.targetName)),
  );
};
