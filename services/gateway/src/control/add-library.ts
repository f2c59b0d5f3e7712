/** POST /control/v1/libraries: a library more, with drives and elements. */
import { addLibrary as contract } from "@reelhouse/contracts";
import type { HttpServer } from "@reelhouse/service-kit";
import { addLibrary } from "../operations/add-library.ts";
import type { Floor } from "../operations/operations.ts";
import { valueOf } from "./outcome.ts";

export function addLibraryRoute({ app, bearer }: HttpServer, floor: Floor): void {
  app.route({
    method: "POST",
    url: contract.path,
    onRequest: bearer("service"),
    schema: {
      body: contract.body,
      response: { 201: contract.response },
    },
    handler: async ({ body }, reply) =>
      reply.code(201).send(valueOf(await addLibrary(floor, body))),
  });
}
