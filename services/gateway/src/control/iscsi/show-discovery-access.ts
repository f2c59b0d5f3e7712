/** GET /control/v1/iscsi/discovery/access: what a discovery session has to prove, without secrets. */
import { controlDiscoveryAccess, discoveryAccessView } from "@reelhouse/contracts";
import { viewDiscoveryAccess } from "./access-views.ts";
import type { IscsiRoute } from "./iscsi-route.ts";

export const showDiscoveryAccessRoute: IscsiRoute = ({ app, bearer }, { frontEnd: { access } }) => {
  app.get(
    controlDiscoveryAccess.path,
    { onRequest: bearer("service"), schema: { response: { 200: discoveryAccessView } } },
    () => viewDiscoveryAccess(access),
  );
};
