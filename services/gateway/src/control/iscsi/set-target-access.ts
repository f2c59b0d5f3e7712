/** PUT /control/v1/iscsi/targets/{targetName}/access: who may log in to a target, and with what proof. Its sessions end. */
import { controlTargetAccess, targetAccess, targetAccessView } from "@reelhouse/contracts";
import { subjectOf } from "../../access/rules.ts";
import { settle, viewTargetAccess } from "./access-views.ts";
import type { IscsiRoute } from "./iscsi-route.ts";
import { findTargetName } from "./target-names.ts";

export const setTargetAccessRoute: IscsiRoute = ({ app, bearer }, { frontEnd }) => {
  const { path, params } = controlTargetAccess;
  const response = { 200: targetAccessView };
  app.put(
    path,
    { onRequest: bearer("service"), schema: { params, body: targetAccess, response } },
    async (request) => {
      const name = findTargetName(frontEnd, request.params.targetName);
      settle(await frontEnd.access.change(subjectOf(name), request.body));
      return viewTargetAccess(frontEnd.access, name);
    },
  );
};
