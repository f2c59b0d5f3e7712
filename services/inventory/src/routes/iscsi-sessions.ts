/** GET /v1/iscsi/sessions: who is logged in and does what. DELETE of one asks its initiator to log out, then closes. */
import { controlSession, controlSessions } from "@reelhouse/contracts";
import { z } from "zod";
import { controlPath, relay } from "../gateway-relay.ts";
import { audited } from "../store/audit.ts";
import { deedOf } from "./deed.ts";
import { adminSecurity, errorResponses, type Route } from "./route.ts";

const url = "/v1/iscsi/sessions";

export const listSessionsRoute: Route = (app, { gateway, bearer }) => {
  const { path, response } = controlSessions;
  app.get(
    url,
    {
      onRequest: bearer("admin"),
      schema: {
        summary: "The iSCSI sessions, as the gateway has them now.",
        security: adminSecurity,
        response: { 200: response, ...errorResponses },
      },
    },
    () => relay(gateway, { method: "GET", path, response }),
  );
};

export const endSessionRoute: Route = (app, { database, gateway, bearer }) => {
  const { path, params } = controlSession;
  app.delete(
    `${url}/:tsih`,
    {
      onRequest: bearer("admin"),
      schema: {
        summary: "End a session: its initiator is asked to log out, and cut off when it does not.",
        security: adminSecurity,
        params,
        response: { 202: z.null().describe("It was asked to."), ...errorResponses },
      },
    },
    async (request, reply) => {
      const subject = String(request.params.tsih);
      const deed = deedOf(request, "iscsi.session.end", subject, {});
      await audited(database, request.log, deed, () =>
        relay(gateway, {
          method: "DELETE",
          path: controlPath(path, subject),
          response: z.null(),
        }),
      );
      return reply.code(202).send(null);
    },
  );
};
