/** DELETE /control/v1/iscsi/discovery/access: a discovery session has to prove nothing again. */
import { controlDiscoveryAccess, discoveryAccessView } from "@reelhouse/contracts";
import { discovery } from "../../access/rules.ts";
import { settle, viewDiscoveryAccess } from "./access-views.ts";
import type { IscsiRoute } from "./iscsi-route.ts";

export const clearDiscoveryAccessRoute: IscsiRoute = (
  { app, bearer },
  { frontEnd: { access } },
) => {
  app.delete(
    controlDiscoveryAccess.path,
    { onRequest: bearer("service"), schema: { response: { 200: discoveryAccessView } } },
    async () => {
      settle(await access.change(discovery, undefined));
      return viewDiscoveryAccess(access);
    },
  );
};
