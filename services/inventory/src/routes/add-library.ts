/** POST /v1/libraries: a library more, on the gateway that we steer. */
import { createLibraryBody, libraryOutline } from "@reelhouse/contracts";
import { makeLibrary } from "../library-changes.ts";
import { audited } from "../store/audit.ts";
import { deedOf } from "./deed.ts";
import { adminSecurity, errorResponses, type Route } from "./route.ts";

export const addLibraryRoute: Route = (app, { database, gateway, bearer }) => {
  app.post(
    "/v1/libraries",
    {
      onRequest: bearer("admin"),
      schema: {
        summary: "Make a library.",
        security: adminSecurity,
        body: createLibraryBody,
        response: { 201: libraryOutline, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const deed = deedOf(request, "library.create", body.name, body);
      const made = await audited(database, request.log, deed, () =>
        makeLibrary({ database, gateway }, body),
      );
      return reply.code(201).send(made);
    },
  );
};
