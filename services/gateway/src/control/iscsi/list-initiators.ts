/** GET /control/v1/iscsi/initiators: who has logged in since the start, when and where last, and who is there now. */
import { controlInitiators } from "@reelhouse/contracts";
import type { IscsiRoute } from "./iscsi-route.ts";

export const listInitiatorsRoute: IscsiRoute = (
  { app, bearer },
  { frontEnd: { initiators, sessions } },
) => {
  const { path, response } = controlInitiators;
  app.get(path, { onRequest: bearer("service"), schema: { response: { 200: response } } }, () => {
    const byInitiator = Map.groupBy(sessions.list(), ({ initiatorName }) => initiatorName);
    const tsihs = (name: string) => (byInitiator.get(name) ?? []).map(({ tsih }) => tsih);
    return {
      initiators: initiators
        .list()
        .map((each) => ({ ...each, sessions: tsihs(each.initiatorName) })),
    };
  });
};
