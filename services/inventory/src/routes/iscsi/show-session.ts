/** GET /v1/iscsi/sessions/{tsih}: one session: who, from where, what was agreed on, what it did. */
import { controlSession, iscsiSession } from "@reelhouse/contracts";
import { controlPath, relay } from "../../gateway-relay.ts";
import { adminSecurity, errorResponses, type Route } from "../route.ts";

export const showSessionRoute: Route = (app, { gateway, bearer }) => {
  const { path, params } = controlSession;
  app.get(
    "/v1/iscsi/sessions/:tsih",
    {
      onRequest: bearer("admin"),
      schema: {
        summary: "One iSCSI session.",
        security: adminSecurity,
        params,
        response: { 200: iscsiSession, ...errorResponses },
      },
    },
    ({ params: { tsih } }) =>
      relay(gateway, {
        method: "GET",
        path: controlPath(path, String(tsih)),
        response: iscsiSession,
      }),
  );
};
