/** PUT /control/v1/iscsi/targets/{targetName}/redirect: logins to a target are sent elsewhere. Its sessions end. */
import { controlTargetRedirect, targetRedirect, targetRedirectView } from "@reelhouse/contracts";
import type { IscsiRoute } from "./iscsi-route.ts";
import { viewRedirect } from "./redirect-view.ts";
import { findTargetName } from "./target-names.ts";

export const setTargetRedirectRoute: IscsiRoute = ({ app, bearer }, { frontEnd }) => {
  const { path, params } = controlTargetRedirect;
  const response = { 200: targetRedirectView };
  app.put(
    path,
    { onRequest: bearer("service"), schema: { params, body: targetRedirect, response } },
    async (request) => {
      const name = findTargetName(frontEnd, request.params.targetName);
      await frontEnd.redirects.set(name, request.body);
      return viewRedirect(frontEnd, name);
    },
  );
};
