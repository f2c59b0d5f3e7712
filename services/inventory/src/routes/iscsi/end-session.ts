/** DELETE /v1/iscsi/sessions/{tsih}: its initiator is asked to log out, and cut off when it does not. */
import { controlSession } from "@reelhouse/contracts";
import { z } from "zod";
import { controlPath } from "../../gateway-relay.ts";
import { adminSecurity, errorResponses, type Route } from "../route.ts";
import { relayAudited } from "./relay-audited.ts";

export const endSessionRoute: Route = (app, context) => {
  const { path, params } = controlSession;
  app.delete(
    "/v1/iscsi/sessions/:tsih",
    {
      onRequest: context.bearer("admin"),
      schema: {
        summary: "End a session: its initiator is asked to log out, and cut off when it does not.",
        security: adminSecurity,
        params,
        response: { 202: z.null().describe("It was asked to."), ...errorResponses },
      },
    },
    async (request, reply) => {
      const subject = String(request.params.tsih);
      await relayAudited(context, request, {
        action: "iscsi.session.end",
        subject,
        method: "DELETE",
        path: controlPath(path, subject),
        response: z.null(),
      });
      return reply.code(202).send(null);
    },
  );
};
