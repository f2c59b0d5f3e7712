/** PUT /control/v1/iscsi/discovery/access: what a discovery session has to prove. */
import { controlDiscoveryAccess, discoveryAccess, discoveryAccessView } from "@reelhouse/contracts";
import { discovery } from "../../access/rules.ts";
import { settle, viewDiscoveryAccess } from "./access-views.ts";
import type { IscsiRoute } from "./iscsi-route.ts";

export const setDiscoveryAccessRoute: IscsiRoute = ({ app, bearer }, { frontEnd: { access } }) => {
  const response = { 200: discoveryAccessView };
  app.put(
    controlDiscoveryAccess.path,
    { onRequest: bearer("service"), schema: { body: discoveryAccess, response } },
    async ({ body }) => {
      // Discovery shows an initiator what it may use, and many may ask: neither is a rule of its own.
      const rule = { initiators: null, severalInitiators: true, ...body };
      settle(await access.change(discovery, rule));
      return viewDiscoveryAccess(access);
    },
  );
};
