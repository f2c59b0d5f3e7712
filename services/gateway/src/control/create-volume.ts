/** POST /control/v1/volumes: an empty volume, in the first free element of the kind asked for. */
import { createVolume } from "@reelhouse/contracts";
import { ServiceError } from "@reelhouse/service-kit";
import type { HttpServer } from "@reelhouse/service-kit";
import type { HouseCartridges } from "../library/house-cartridges.ts";

export function createVolumeRoute({ app, bearer }: HttpServer, cartridges: HouseCartridges): void {
  app.route({
    method: "POST",
    url: createVolume.path,
    onRequest: bearer("service"),
    schema: { body: createVolume.body, response: { 201: createVolume.response } },
    handler: async (request, reply) => {
      const created = await cartridges.create(request.body);
      if (created.kind === "exists")
        throw new ServiceError("TAPE_EXISTS", { field: "body.barcode" });
      if (created.kind === "noFreeElement")
        throw new ServiceError("LIBRARY_FULL", { field: "body.element" });
      if (created.kind === "noSuchLibrary")
        throw new ServiceError("LIBRARY_NOT_FOUND", { field: "body.library" });
      return reply
        .code(201)
        .send({ barcode: request.body.barcode, elementAddress: created.address });
    },
  });
}
