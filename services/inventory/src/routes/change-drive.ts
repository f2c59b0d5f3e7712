/** PATCH /v1/libraries/{library}/drives/{address}: another make for an empty drive; hosts are told. */
import { changeDriveBody, driveDescription, driveParams } from "@reelhouse/contracts";
import { alterDrive } from "../library-changes.ts";
import { audited } from "../store/audit.ts";
import { deedOf } from "./deed.ts";
import { adminSecurity, errorResponses, type Route } from "./route.ts";

export const changeDriveRoute: Route = (app, { database, gateway, bearer }) => {
  app.patch(
    "/v1/libraries/:library/drives/:address",
    {
      onRequest: bearer("admin"),
      schema: {
        summary: "Change the make of an empty drive.",
        security: adminSecurity,
        params: driveParams,
        body: changeDriveBody,
        response: { 200: driveDescription, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { params, body } = request;
      const deed = deedOf(request, "drive.change", params.library, {
        address: params.address,
        model: body.model,
      });
      const made = await audited(database, request.log, deed, () =>
        alterDrive({ database, gateway }, params.library, params.address, body),
      );
      return reply.code(200).send(made);
    },
  );
};
