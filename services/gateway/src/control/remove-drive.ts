/** DELETE /control/v1/libraries/{library}/drives/{address}: an empty drive goes. */
import { removeDrive as contract, driveParams, removalQuery } from "@reelhouse/contracts";
import type { HttpServer } from "@reelhouse/service-kit";
import { z } from "zod";
import { removeDrive } from "../operations/remove-drive.ts";
import type { Floor } from "../operations/operations.ts";
import { valueOf } from "./outcome.ts";

export function removeDriveRoute({ app, bearer }: HttpServer, floor: Floor): void {
  app.route({
    method: "DELETE",
    url: contract.path,
    onRequest: bearer("service"),
    schema: {
      params: driveParams,
      querystring: removalQuery,
      response: { 204: z.null() },
    },
    handler: async ({ params, query }, reply) =>
      reply
        .code(204)
        .send(valueOf(await removeDrive(floor, params.library, params.address, query.force))),
  });
}
