/** GET /v1/tapes/{barcode}: one tape; also one that was deleted, as DELETED. */
import { barcode, tape } from "@reelhouse/contracts";
import { z } from "zod";
import { findTape } from "../store/tapes.ts";
import { adminSecurity, errorResponses, libraryQuery, type Route } from "./route.ts";

export const getTapeRoute: Route = (app, { database, bearer }) => {
  app.get(
    "/v1/tapes/:barcode",
    {
      onRequest: bearer("admin"),
      schema: {
        summary: "One tape.",
        security: adminSecurity,
        params: z.object({ barcode }),
        querystring: z.strictObject({ library: libraryQuery }),
        response: { 200: tape, ...errorResponses },
      },
    },
    ({ params, query }) => findTape(database, params.barcode, query.library),
  );
};
