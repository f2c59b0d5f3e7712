/** POST /v1/libraries/{library}/drives: a drive more; hosts can log in to it at once. */
import { addDriveBody, driveDescription, libraryParams } from "@reelhouse/contracts";
import { makeDrive } from "../library-changes.ts";
import { audited } from "../store/audit.ts";
import { deedOf } from "./deed.ts";
import { adminSecurity, errorResponses, type Route } from "./route.ts";

export const addDriveRoute: Route = (app, { database, gateway, bearer }) => {
  app.post(
    "/v1/libraries/:library/drives",
    {
      onRequest: bearer("admin"),
      schema: {
        summary: "Add a drive.",
        security: adminSecurity,
        params: libraryParams,
        body: addDriveBody,
        response: { 201: driveDescription, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { params, body } = request;
      const deed = deedOf(request, "drive.create", params.library, {
        model: body.model,
        address: body.address ?? null,
      });
      const made = await audited(database, request.log, deed, () =>
        makeDrive({ database, gateway }, params.library, body),
      );
      return reply.code(201).send(made);
    },
  );
};
