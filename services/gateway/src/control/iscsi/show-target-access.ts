/** GET /control/v1/iscsi/targets/{targetName}/access: who may log in to a target, without secrets. */
import { controlTargetAccess, targetAccessView } from "@reelhouse/contracts";
import { viewTargetAccess } from "./access-views.ts";
import type { IscsiRoute } from "./iscsi-route.ts";
import { findTargetName } from "./target-names.ts";

export const showTargetAccessRoute: IscsiRoute = ({ app, bearer }, { frontEnd }) => {
  const { path, params } = controlTargetAccess;
  app.get(
    path,
    { onRequest: bearer("service"), schema: { params, response: { 200: targetAccessView } } },
    (request) =>
      viewTargetAccess(frontEnd.access, findTargetName(frontEnd, request.params.targetName)),
  );
};
