/** DELETE /v1/libraries/{library}/drives/{address}: an empty drive goes. Refused with sessions, unless forced. */
import { driveParams, removalQuery } from "@reelhouse/contracts";
import { z } from "zod";
import { endDrive } from "../library-changes.ts";
import { audited } from "../store/audit.ts";
import { deedOf } from "./deed.ts";
import { adminSecurity, errorResponses, type Route } from "./route.ts";

export const removeDriveRoute: Route = (app, { database, gateway, bearer }) => {
  app.delete(
    "/v1/libraries/:library/drives/:address",
    {
      onRequest: bearer("admin"),
      schema: {
        summary: "Remove an empty drive.",
        security: adminSecurity,
        params: driveParams,
        querystring: removalQuery,
        response: { 204: z.null().describe("Removed."), ...errorResponses },
      },
    },
    async (request, reply) => {
      const { params, query } = request;
      const deed = deedOf(request, "drive.delete", params.library, {
        address: params.address,
        force: query.force,
      });
      await audited(database, request.log, deed, () =>
        endDrive({ database, gateway }, params.library, params.address, query.force),
      );
      return reply.code(204).send(null);
    },
  );
};
