/** POST /control/v1/libraries/{library}/drives: a drive more. */
import { addDrive as contract, libraryParams } from "@reelhouse/contracts";
import type { HttpServer } from "@reelhouse/service-kit";
import { addDrive } from "../operations/add-drive.ts";
import type { Floor } from "../operations/operations.ts";
import { valueOf } from "./outcome.ts";

export function addDriveRoute({ app, bearer }: HttpServer, floor: Floor): void {
  app.route({
    method: "POST",
    url: contract.path,
    onRequest: bearer("service"),
    schema: {
      params: libraryParams,
      body: contract.body,
      response: { 201: contract.response },
    },
    handler: async ({ params, body }, reply) =>
      reply.code(201).send(valueOf(await addDrive(floor, params.library, body))),
  });
}
