/** GET /v1/libraries: every library of every gateway, without what lies in it. */
import { librarySummary } from "@reelhouse/contracts";
import { z } from "zod";
import { listLibraries } from "../store/library-outlines.ts";
import { adminSecurity, errorResponses, type Route } from "./route.ts";

export const listLibrariesRoute: Route = (app, { database, bearer }) => {
  app.get(
    "/v1/libraries",
    {
      onRequest: bearer("admin"),
      schema: {
        summary: "The libraries, with their drives and elements.",
        security: adminSecurity,
        response: { 200: z.object({ libraries: z.array(librarySummary) }), ...errorResponses },
      },
    },
    async () => ({ libraries: await listLibraries(database) }),
  );
};
