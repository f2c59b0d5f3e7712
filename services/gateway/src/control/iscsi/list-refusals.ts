/** GET /control/v1/iscsi/refusals: who was refused lately, and why. */
import { controlRefusals } from "@reelhouse/contracts";
import type { IscsiRoute } from "./iscsi-route.ts";

export const listRefusalsRoute: IscsiRoute = ({ app, bearer }, { frontEnd: { refusals } }) => {
  const { path, response } = controlRefusals;
  app.get(path, { onRequest: bearer("service"), schema: { response: { 200: response } } }, () => ({
    refusals: [...refusals.list()],
  }));
};
