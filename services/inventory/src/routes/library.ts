/** GET /v1/library: the changer, the drives, every element and what is in it. */
import { libraryView } from "@reelhouse/contracts";
import { z } from "zod";
import { findLibrary, viewLibrary } from "../store/libraries.ts";
import { adminSecurity, errorResponses, libraryQuery, type Route } from "./route.ts";

export const libraryRoute: Route = (app, { database, bearer }) => {
  app.get(
    "/v1/library",
    {
      onRequest: bearer("admin"),
      schema: {
        summary: "The library: changer, drives, elements and cartridges.",
        security: adminSecurity,
        querystring: z.strictObject({ library: libraryQuery }),
        response: { 200: libraryView, ...errorResponses },
      },
    },
    async ({ query }) => viewLibrary(database, await findLibrary(database, query.library)),
  );
};
