/** DELETE /control/v1/iscsi/sessions/{tsih}: its initiator is asked to log out, its nexus is lost at once. */
import { controlSession } from "@reelhouse/contracts";
import { ServiceError } from "@reelhouse/service-kit";
import { z } from "zod";
import type { IscsiRoute } from "./iscsi-route.ts";

export const endSessionRoute: IscsiRoute = ({ app, bearer }, { frontEnd: { sessions } }) => {
  const { path, params } = controlSession;
  app.delete(
    path,
    { onRequest: bearer("service"), schema: { params, response: { 202: z.null() } } },
    async (request, reply) => {
      if (!sessions.end(request.params.tsih))
        throw new ServiceError("SESSION_NOT_FOUND", { field: "path.tsih" });
      return reply.code(202).send(null);
    },
  );
};
