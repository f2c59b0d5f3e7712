/** DELETE /v1/libraries/{library}: an empty library goes. Refused with sessions, unless forced. */
import { libraryParams, removalQuery } from "@reelhouse/contracts";
import { z } from "zod";
import { endLibrary } from "../library-changes.ts";
import { audited } from "../store/audit.ts";
import { deedOf } from "./deed.ts";
import { adminSecurity, errorResponses, type Route } from "./route.ts";

export const removeLibraryRoute: Route = (app, { database, gateway, bearer }) => {
  app.delete(
    "/v1/libraries/:library",
    {
      onRequest: bearer("admin"),
      schema: {
        summary: "Remove an empty library.",
        security: adminSecurity,
        params: libraryParams,
        querystring: removalQuery,
        response: { 204: z.null().describe("Removed."), ...errorResponses },
      },
    },
    async (request, reply) => {
      const { params, query } = request;
      const deed = deedOf(request, "library.delete", params.library, { force: query.force });
      await audited(database, request.log, deed, () =>
        endLibrary({ database, gateway }, params.library, query.force),
      );
      return reply.code(204).send(null);
    },
  );
};
