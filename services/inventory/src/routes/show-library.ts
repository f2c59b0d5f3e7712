/** GET /v1/libraries/{library}: its changer and drives, every element and what is in it. */
import { libraryParams, libraryView } from "@reelhouse/contracts";
import { ServiceError } from "@reelhouse/service-kit";
import { viewLibrary } from "../store/libraries.ts";
import { adminSecurity, errorResponses, type Route } from "./route.ts";

export const showLibraryRoute: Route = (app, { database, bearer }) => {
  app.get(
    "/v1/libraries/:library",
    {
      onRequest: bearer("admin"),
      schema: {
        summary: "One library: changer, drives, elements and cartridges.",
        security: adminSecurity,
        params: libraryParams,
        response: { 200: libraryView, ...errorResponses },
      },
    },
    async ({ params }) => {
      const library = await database.library.findUnique({ where: { name: params.library } });
      if (library === null) throw new ServiceError("LIBRARY_NOT_FOUND", { field: "path.library" });
      return viewLibrary(database, library);
    },
  );
};
