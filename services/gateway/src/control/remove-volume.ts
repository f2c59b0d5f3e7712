/** DELETE /control/v1/volumes/{barcode}: the volume leaves the library and its files the cache; refused in a drive, or at a locked door. */
import { removeVolume } from "@reelhouse/contracts";
import { ServiceError } from "@reelhouse/service-kit";
import type { HttpServer } from "@reelhouse/service-kit";
import { z } from "zod";
import type { HouseCartridges } from "../library/house-cartridges.ts";

export function removeVolumeRoute({ app, bearer }: HttpServer, cartridges: HouseCartridges): void {
  app.route({
    method: "DELETE",
    url: removeVolume.path,
    onRequest: bearer("service"),
    schema: { params: removeVolume.params, response: { 204: z.null() } },
    handler: async (request, reply) => {
      const removed = await cartridges.remove(request.params.barcode);
      if (removed.kind === "notFound")
        throw new ServiceError("TAPE_NOT_FOUND", { field: "path.barcode" });
      if (removed.kind === "inDrive")
        throw new ServiceError("TAPE_IN_DRIVE", { field: "path.barcode" });
      if (removed.kind === "removalPrevented")
        throw new ServiceError("TAPE_REMOVAL_PREVENTED", { field: "path.barcode" });
      return reply.code(204).send(null);
    },
  });
}
