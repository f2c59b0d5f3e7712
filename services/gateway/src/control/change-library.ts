/** PATCH /control/v1/libraries/{library}: other counts of elements, another make of changer. */
import { changeLibrary as contract, libraryParams } from "@reelhouse/contracts";
import type { HttpServer } from "@reelhouse/service-kit";
import { changeLibrary } from "../operations/change-library.ts";
import type { Floor } from "../operations/operations.ts";
import { valueOf } from "./outcome.ts";

export function changeLibraryRoute({ app, bearer }: HttpServer, floor: Floor): void {
  app.route({
    method: "PATCH",
    url: contract.path,
    onRequest: bearer("service"),
    schema: {
      params: libraryParams,
      body: contract.body,
      response: { 200: contract.response },
    },
    handler: async ({ params, body }, reply) =>
      reply.code(200).send(valueOf(await changeLibrary(floor, params.library, body))),
  });
}
