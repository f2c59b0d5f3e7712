/** GET /v1/iscsi/sessions: who is logged in and does what. The gateway bounds how many there are, so they are one page. */
import { controlSessions } from "@reelhouse/contracts";
import { z } from "zod";
import { relay } from "../../gateway-relay.ts";
import { adminSecurity, errorResponses, type Route } from "../route.ts";
import { initiatorQuery, isAskedFor, targetQuery } from "./name-filter.ts";

const query = z.strictObject({ initiatorName: initiatorQuery, targetName: targetQuery });

export const listSessionsRoute: Route = (app, { gateway, bearer }) => {
  const { path, response } = controlSessions;
  app.get(
    "/v1/iscsi/sessions",
    {
      onRequest: bearer("admin"),
      schema: {
        summary: "The iSCSI sessions, as the gateway has them now.",
        security: adminSecurity,
        querystring: query,
        response: { 200: response, ...errorResponses },
      },
    },
    async ({ query: { initiatorName, targetName } }) => {
      const { sessions } = await relay(gateway, { method: "GET", path, response });
      const isMeant = (session: (typeof sessions)[number]) =>
        isAskedFor(initiatorName, session.initiatorName) &&
        isAskedFor(targetName, session.targetName);
      return { sessions: sessions.filter((session) => isMeant(session)) };
    },
  );
};
