/** GET /v1/iscsi/targets: each target with what it is, who may log in and who is; and how the access file fares. */
import { controlTargets } from "@reelhouse/contracts";
import { relay } from "../../gateway-relay.ts";
import { adminSecurity, errorResponses, type Route } from "../route.ts";

export const listTargetsRoute: Route = (app, { gateway, bearer }) => {
  const { path, response } = controlTargets;
  app.get(
    "/v1/iscsi/targets",
    {
      onRequest: bearer("admin"),
      schema: {
        summary: "The iSCSI targets: what each is, who may log in, where it is sent, its sessions.",
        security: adminSecurity,
        response: { 200: response, ...errorResponses },
      },
    },
    () => relay(gateway, { method: "GET", path, response }),
  );
};
