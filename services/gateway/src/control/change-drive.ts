/** PATCH /control/v1/libraries/{library}/drives/{address}: another make. */
import { changeDrive as contract, driveParams } from "@reelhouse/contracts";
import type { HttpServer } from "@reelhouse/service-kit";
import { changeDrive } from "../operations/change-drive.ts";
import type { Floor } from "../operations/operations.ts";
import { valueOf } from "./outcome.ts";

export function changeDriveRoute({ app, bearer }: HttpServer, floor: Floor): void {
  app.route({
    method: "PATCH",
    url: contract.path,
    onRequest: bearer("service"),
    schema: {
      params: driveParams,
      body: contract.body,
      response: { 200: contract.response },
    },
    handler: async ({ params, body }, reply) =>
      reply.code(200).send(valueOf(await changeDrive(floor, params.library, params.address, body))),
  });
}
