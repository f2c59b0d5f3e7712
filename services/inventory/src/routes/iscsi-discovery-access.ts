/** GET, PUT and DELETE /v1/iscsi/discovery/access: what an initiator has to prove before it is shown targets. */
import { controlDiscoveryAccess, discoveryAccess, discoveryAccessView } from "@reelhouse/contracts";
import { relay } from "../gateway-relay.ts";
import { audited } from "../store/audit.ts";
import { deedOf } from "./deed.ts";
import { adminSecurity, errorResponses, type Route } from "./route.ts";

const url = "/v1/iscsi/discovery/access";
const subject = "discovery";
const { path } = controlDiscoveryAccess;
const response = { 200: discoveryAccessView, ...errorResponses };

export const showDiscoveryAccessRoute: Route = (app, { gateway, bearer }) => {
  const summary = "What discovery has to prove. Secrets are never shown.";
  app.get(
    url,
    { onRequest: bearer("admin"), schema: { summary, security: adminSecurity, response } },
    () => relay(gateway, { method: "GET", path, response: discoveryAccessView }),
  );
};

export const changeDiscoveryAccessRoute: Route = (app, { database, gateway, bearer }) => {
  const common = { security: adminSecurity, response };
  const onRequest = bearer("admin");
  app.put(
    url,
    {
      onRequest,
      schema: { ...common, summary: "Say what discovery has to prove.", body: discoveryAccess },
    },
    (request) => {
      const { body } = request;
      const chapNames = body.credentials.map(({ chapName }) => chapName).join(" ");
      const deed = deedOf(request, "iscsi.access.set", subject, { chapNames });
      return audited(database, request.log, deed, () =>
        relay(gateway, { method: "PUT", path, body, response: discoveryAccessView }),
      );
    },
  );
  app.delete(
    url,
    { onRequest, schema: { ...common, summary: "Show targets to everybody again." } },
    (request) => {
      const deed = deedOf(request, "iscsi.access.clear", subject, {});
      return audited(database, request.log, deed, () =>
        relay(gateway, { method: "DELETE", path, response: discoveryAccessView }),
      );
    },
  );
};
