/** GET, PUT and DELETE /control/v1/iscsi/targets/{targetName}/redirect: where logins to a target are sent instead. */
import {
  controlTargetAccess,
  controlTargetRedirect,
  targetRedirect,
  targetRedirectView,
} from "@reelhouse/contracts";
import type { HttpServer } from "@reelhouse/service-kit";
import type { FrontEnd } from "../front-end.ts";
import { findTargetName } from "./target-names.ts";

type Needed = Pick<FrontEnd, "redirects" | "targetNames">;

export function targetRedirectRoutes(
  { app, bearer }: HttpServer,
  { redirects, targetNames }: Needed,
): void {
  const { path: url } = controlTargetRedirect;
  const { params } = controlTargetAccess;
  const onRequest = bearer("service");
  const response = { 200: targetRedirectView };
  const view = (targetName: string) => ({ targetName, redirect: redirects.of(targetName) ?? null });
  app.get(url, { onRequest, schema: { params, response } }, (request) =>
    view(findTargetName(targetNames, request.params.targetName)),
  );
  app.put(
    url,
    { onRequest, schema: { params, body: targetRedirect, response } },
    async ({ params: { targetName }, body }) => {
      const name = findTargetName(targetNames, targetName);
      await redirects.set(name, body);
      return view(name);
    },
  );
  app.delete(
    url,
    { onRequest, schema: { params, response } },
    async ({ params: { targetName } }) => {
      const name = findTargetName(targetNames, targetName);
      await redirects.set(name, undefined);
      return view(name);
    },
  );
}
