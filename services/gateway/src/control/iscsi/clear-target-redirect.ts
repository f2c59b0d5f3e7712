/** DELETE /control/v1/iscsi/targets/{targetName}/redirect: the target is here again. */
import { controlTargetRedirect, targetRedirectView } from "@reelhouse/contracts";
import type { IscsiRoute } from "./iscsi-route.ts";
import { viewRedirect } from "./redirect-view.ts";
import { findTargetName } from "./target-names.ts";

export const clearTargetRedirectRoute: IscsiRoute = ({ app, bearer }, { frontEnd }) => {
  const { path, params } = controlTargetRedirect;
  app.delete(
    path,
    { onRequest: bearer("service"), schema: { params, response: { 200: targetRedirectView } } },
    async (request) => {
      const name = findTargetName(frontEnd, request.params.targetName);
      await frontEnd.redirects.set(name, undefined);
      return viewRedirect(frontEnd, name);
    },
  );
};
