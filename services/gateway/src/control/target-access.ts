/** GET, PUT and DELETE /control/v1/iscsi/targets/{targetName}/access: who may log in to a target, and with what proof. */
import { controlTargetAccess, targetAccess, targetAccessView } from "@reelhouse/contracts";
import type { HttpServer } from "@reelhouse/service-kit";
import type { FrontEnd } from "../front-end.ts";
import { subjectOf } from "../access/rules.ts";
import { settle, viewTargetAccess } from "./access-views.ts";
import { findTargetName } from "./target-names.ts";

type Needed = Pick<FrontEnd, "access" | "targetNames">;

export function targetAccessRoutes(
  { app, bearer }: HttpServer,
  { access, targetNames }: Needed,
): void {
  const { path: url, params } = controlTargetAccess;
  const onRequest = bearer("service");
  const response = { 200: targetAccessView };
  app.get(url, { onRequest, schema: { params, response } }, (request) =>
    viewTargetAccess(access, findTargetName(targetNames, request.params.targetName)),
  );
  app.put(
    url,
    { onRequest, schema: { params, body: targetAccess, response } },
    async ({ params: { targetName }, body }) => {
      const name = findTargetName(targetNames, targetName);
      settle(await access.change(subjectOf(name), body));
      return viewTargetAccess(access, name);
    },
  );
  app.delete(
    url,
    { onRequest, schema: { params, response } },
    async ({ params: { targetName } }) => {
      const name = findTargetName(targetNames, targetName);
      settle(await access.change(subjectOf(name), undefined));
      return viewTargetAccess(access, name);
    },
  );
}
