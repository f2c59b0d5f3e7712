/** PATCH /v1/libraries/{library}: other counts of elements, another make of changer; hosts are told. */
import { changeLibraryBody, libraryOutline, libraryParams } from "@reelhouse/contracts";
import { alterLibrary } from "../library-changes.ts";
import { audited } from "../store/audit.ts";
import { deedOf } from "./deed.ts";
import { adminSecurity, errorResponses, type Route } from "./route.ts";

export const changeLibraryRoute: Route = (app, { database, gateway, bearer }) => {
  app.patch(
    "/v1/libraries/:library",
    {
      onRequest: bearer("admin"),
      schema: {
        summary: "Change a library's elements or the make of its changer.",
        security: adminSecurity,
        params: libraryParams,
        body: changeLibraryBody,
        response: { 200: libraryOutline, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { params, body } = request;
      const deed = deedOf(request, "library.change", params.library, {
        storageSlots: body.storageSlots ?? null,
        importExportSlots: body.importExportSlots ?? null,
        changerModel: body.changerModel ?? null,
      });
      const made = await audited(database, request.log, deed, () =>
        alterLibrary({ database, gateway }, params.library, body),
      );
      return reply.code(200).send(made);
    },
  );
};
