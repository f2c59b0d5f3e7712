/** DELETE /v1/tapes/{barcode}: remove the medium. Refused in a drive. What the store holds stays until a policy. */
import { barcode } from "@reelhouse/contracts";
import { z } from "zod";
import { audited } from "../store/audit.ts";
import { deleteTape } from "../tape-deletion.ts";
import { adminSecurity, errorResponses, libraryQuery, type Route } from "./route.ts";

export const deleteTapeRoute: Route = (app, { database, gateway, bearer }) => {
  app.delete(
    "/v1/tapes/:barcode",
    {
      onRequest: bearer("admin"),
      schema: {
        summary: "Delete a tape.",
        security: adminSecurity,
        params: z.object({ barcode }),
        querystring: z.strictObject({ library: libraryQuery }),
        response: { 204: z.null().describe("Deleted."), ...errorResponses },
      },
    },
    async (request, reply) => {
      const { params, query } = request;
      const deed = {
        requestId: request.id,
        principal: "admin",
        action: "tape.delete",
        subject: params.barcode,
        details: { library: query.library ?? null },
        remoteAddress: request.ip,
      };
      await audited(database, request.log, deed, () =>
        deleteTape(database, gateway, params.barcode, query.library),
      );
      return reply.code(204).send(null);
    },
  );
};
