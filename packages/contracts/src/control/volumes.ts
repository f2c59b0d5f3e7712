/** What the inventory asks of a gateway, over HTTP with the service token. */
import { z } from "zod";
import { barcode, byteCount, entityName } from "../ids.ts";

export const GIB = 1024 ** 3;
export const capacityBytesMin = 1024 ** 2;
export const capacityBytesMax = 15 * 1024 * GIB;

/** POST /control/v1/volumes: make an empty volume in the first free storage (or import/export) element. */
export const createVolume = {
  path: "/control/v1/volumes",
  body: z.object({
    barcode,
    capacityBytes: byteCount.min(capacityBytesMin).max(capacityBytesMax),
    worm: z.boolean(),
    pool: z.string().min(1).max(100).nullable(),
    element: z.enum(["storage", "importExport"]),
    /** Left out: the gateway's first. */
    library: entityName.optional(),
  }),
  response: z.object({ barcode, elementAddress: z.int() }),
} as const;
export type CreateVolumeBody = z.infer<typeof createVolume.body>;

/** DELETE /control/v1/volumes/{barcode}: refuse while it is in a drive, or may not be taken out. */
export const removeVolume = {
  path: "/control/v1/volumes/:barcode",
  params: z.object({ barcode }),
} as const;
