/** DELETE /control/v1/iscsi/targets/{targetName}/access: everybody may log in to the target again. Its sessions end. */
import { controlTargetAccess, targetAccessView } from "@reelhouse/contracts";
import { subjectOf } from "../../access/rules.ts";
import { settle, viewTargetAccess } from "./access-views.ts";
import type { IscsiRoute } from "./iscsi-route.ts";
import { findTargetName } from "./target-names.ts";

export const clearTargetAccessRoute: IscsiRoute = ({ app, bearer }, { frontEnd }) => {
  const { path, params } = controlTargetAccess;
  app.delete(
    path,
    { onRequest: bearer("service"), schema: { params, response: { 200: targetAccessView } } },
    async (request) => {
      const name = findTargetName(frontEnd, request.params.targetName);
      settle(await frontEnd.access.change(subjectOf(name), undefined));
      return viewTargetAccess(frontEnd.access, name);
    },
  );
};
