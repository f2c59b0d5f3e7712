/** DELETE /control/v1/libraries/{library}: an empty library goes. */
import { removeLibrary as contract, libraryParams, removalQuery } from "@reelhouse/contracts";
import type { HttpServer } from "@reelhouse/service-kit";
import { z } from "zod";
import { removeLibrary } from "../operations/remove-library.ts";
import type { Floor } from "../operations/operations.ts";
import { valueOf } from "./outcome.ts";

export function removeLibraryRoute({ app, bearer }: HttpServer, floor: Floor): void {
  app.route({
    method: "DELETE",
    url: contract.path,
    onRequest: bearer("service"),
    schema: {
      params: libraryParams,
      querystring: removalQuery,
      response: { 204: z.null() },
    },
    handler: async ({ params, query }, reply) =>
      reply.code(204).send(valueOf(await removeLibrary(floor, params.library, query.force))),
  });
}
