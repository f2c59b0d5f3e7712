/** GET /control/v1/iscsi/sessions, and DELETE of one: its initiator is asked to log out, its nexus is lost at once. */
import { controlSession, controlSessions } from "@reelhouse/contracts";
import { ServiceError } from "@reelhouse/service-kit";
import type { HttpServer } from "@reelhouse/service-kit";
import { z } from "zod";
import type { FrontEnd } from "../front-end.ts";

export function iscsiSessionRoutes(
  { app, bearer }: HttpServer,
  { sessions }: Pick<FrontEnd, "sessions">,
): void {
  const onRequest = bearer("service");
  app.get(
    controlSessions.path,
    { onRequest, schema: { response: { 200: controlSessions.response } } },
    () => ({ sessions: [...sessions.list()] }),
  );
  app.delete(
    controlSession.path,
    { onRequest, schema: { params: controlSession.params, response: { 202: z.null() } } },
    async (request, reply) => {
      if (!sessions.end(request.params.tsih))
        throw new ServiceError("SESSION_NOT_FOUND", { field: "path.tsih" });
      return reply.code(202).send(null);
    },
  );
}
