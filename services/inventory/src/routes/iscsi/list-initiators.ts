/** GET /v1/iscsi/initiators: who has logged in since the gateway began, when last, and with which sessions now. */
import { controlInitiators } from "@reelhouse/contracts";
import { relay } from "../../gateway-relay.ts";
import { adminSecurity, errorResponses, type Route } from "../route.ts";

export const listInitiatorsRoute: Route = (app, { gateway, bearer }) => {
  const { path, response } = controlInitiators;
  app.get(
    "/v1/iscsi/initiators",
    {
      onRequest: bearer("admin"),
      schema: {
        summary: "The initiators that have logged in since the gateway began, last login first.",
        security: adminSecurity,
        response: { 200: response, ...errorResponses },
      },
    },
    () => relay(gateway, { method: "GET", path, response }),
  );
};
