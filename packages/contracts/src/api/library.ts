/** REST resource: the library, every element and what is in it. */
import { z } from "zod";
import { barcode } from "../ids.ts";
import { elementPlace } from "../events/element.ts";

export const libraryView = z.object({
  gateway: z.string(),
  library: z.string(),
  changer: z.object({
    vendor: z.string(),
    product: z.string(),
    serialNumber: z.string(),
    targetName: z.string(),
  }),
  drives: z.array(
    z.object({
      address: z.int(),
      vendor: z.string(),
      product: z.string(),
      serialNumber: z.string(),
      targetName: z.string(),
      barcode: barcode.nullable(),
    }),
  ),
  elements: z.array(elementPlace.extend({ barcode: barcode.nullable() })),
});
