/** GET, PUT and DELETE /v1/iscsi/targets/{targetName}/access: who may log in to a target, and what it has to prove. */
import {
  controlTargetAccess,
  targetAccess,
  type TargetAccess,
  targetAccessView,
} from "@reelhouse/contracts";
import { controlPath, relay } from "../gateway-relay.ts";
import { audited } from "../store/audit.ts";
import { deedOf } from "./deed.ts";
import { adminSecurity, errorResponses, type Route } from "./route.ts";

const url = "/v1/iscsi/targets/:targetName/access";
const { params } = controlTargetAccess;
const response = { 200: targetAccessView, ...errorResponses };
const pathOf = (targetName: string) => controlPath(controlTargetAccess.path, targetName);

export const showTargetAccessRoute: Route = (app, { gateway, bearer }) => {
  const summary = "Who may log in to a target. Secrets are never shown.";
  app.get(
    url,
    { onRequest: bearer("admin"), schema: { summary, security: adminSecurity, params, response } },
    ({ params: { targetName } }) =>
      relay(gateway, { method: "GET", path: pathOf(targetName), response: targetAccessView }),
  );
};

/** What the audit keeps of a rule: everything but the secrets. */
const detailsOf = ({ initiators, severalInitiators, credentials }: TargetAccess) => ({
  initiators: initiators?.join(" ") ?? null,
  severalInitiators,
  chapNames: credentials.map(({ chapName }) => chapName).join(" "),
});

export const changeTargetAccessRoute: Route = (app, { database, gateway, bearer }) => {
  const common = { security: adminSecurity, params, response };
  const onRequest = bearer("admin");
  const summary = "Say who may log in to a target. Its sessions end; new logins follow at once.";
  app.put(url, { onRequest, schema: { ...common, summary, body: targetAccess } }, (request) => {
    const { targetName } = request.params;
    const { body } = request;
    const deed = deedOf(request, "iscsi.access.set", targetName, detailsOf(body));
    const relayed = { method: "PUT", path: pathOf(targetName), body } as const;
    return audited(database, request.log, deed, () =>
      relay(gateway, { ...relayed, response: targetAccessView }),
    );
  });
  app.delete(
    url,
    { onRequest, schema: { ...common, summary: "Let everybody log in to a target again." } },
    (request) => {
      const { targetName } = request.params;
      const deed = deedOf(request, "iscsi.access.clear", targetName, {});
      const relayed = { method: "DELETE", path: pathOf(targetName) } as const;
      return audited(database, request.log, deed, () =>
        relay(gateway, { ...relayed, response: targetAccessView }),
      );
    },
  );
};
