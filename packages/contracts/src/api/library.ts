/** REST resource: the library, every element and what is in it. */
import { z } from "zod";
import { barcode } from "../ids.ts";
import { deviceDescription, driveDescription, elementPlace } from "../events/element.ts";

export const libraryView = z.object({
  gateway: z.string(),
  library: z.string(),
  changer: deviceDescription,
  drives: z.array(driveDescription.extend({ barcode: barcode.nullable() })),
  elements: z.array(elementPlace.extend({ barcode: barcode.nullable() })),
});
