/** GET /control/v1/iscsi/sessions: who is logged in, and does what. */
import { controlSessions } from "@reelhouse/contracts";
import type { IscsiRoute } from "./iscsi-route.ts";

export const listSessionsRoute: IscsiRoute = ({ app, bearer }, { frontEnd: { sessions } }) => {
  const { path, response } = controlSessions;
  app.get(path, { onRequest: bearer("service"), schema: { response: { 200: response } } }, () => ({
    sessions: [...sessions.list()],
  }));
};
