/** GET /v1/tapes: the tapes in order of barcode, a page at a time. Deleted ones only when asked for by status. */
import { tape, tapeStatus } from "@reelhouse/contracts";
import { z } from "zod";
import { listTapes, type TapeKey } from "../store/tapes.ts";
import {
  adminSecurity,
  errorResponses,
  libraryQuery,
  pageLimit,
  pageOf,
  type Route,
} from "./route.ts";

/** `<barcode>.<library>` of the last tape before. Clients hand back what they got. */
const tapeMarker = z
  .string()
  .regex(/^[A-Z0-9]{5,16}\.[a-z0-9][a-z0-9-]{0,31}$/, "not a marker of this list")
  .transform((text): TapeKey => {
    const [barcode = "", library = ""] = text.split(".", 2);
    return { barcode, library };
  })
  .describe("`marker` of the page before.");

const markerOf = (last: TapeKey) => `${last.barcode}.${last.library}`;

const query = z.strictObject({
  status: tapeStatus.optional().describe("Without: all but DELETED."),
  prefix: z
    .string()
    .regex(/^[A-Z0-9]{1,16}$/, "1 to 16 characters out of A-Z and 0-9")
    .optional()
    .describe("What the barcode begins with."),
  library: libraryQuery,
  limit: pageLimit,
  marker: tapeMarker.optional(),
});

export const listTapesRoute: Route = (app, { database, bearer }) => {
  app.get(
    "/v1/tapes",
    {
      onRequest: bearer("admin"),
      schema: {
        summary: "The tapes, in order of barcode.",
        security: adminSecurity,
        querystring: query,
        response: {
          200: z.object({ tapes: z.array(tape), marker: z.string().nullable() }),
          ...errorResponses,
        },
      },
    },
    async ({ query: { status, prefix, library, limit, marker: after = null } }) => {
      const found = await listTapes(database, { status, prefix, library, limit, after });
      const { page, marker } = pageOf(found, limit, markerOf);
      return { tapes: page, marker };
    },
  );
};
