/** GET /v1/tapes/{barcode}/segments: where each part of the tape lies, in order of position, a page at a time. */
import { barcode, segmentRef, tapeSegment } from "@reelhouse/contracts";
import { z } from "zod";
import { listSegments, type SegmentPosition } from "../store/segments.ts";
import { findTape } from "../store/tapes.ts";
import {
  adminSecurity,
  errorResponses,
  libraryQuery,
  pageLimit,
  pageOf,
  type Route,
} from "./route.ts";

/** `<partition>.<number>` of the last segment before. Clients hand back what they got. */
const segmentMarker = z
  .string()
  .regex(/^[0-9]\.[0-9]{1,9}$/, "not a marker of this list")
  .transform((text) => {
    const [partition, number] = text.split(".", 2);
    return { partition: Number(partition), number: Number(number) };
  })
  .pipe(segmentRef.pick({ partition: true, number: true }))
  .describe("`marker` of the page before.");

const markerOf = (last: SegmentPosition) => `${last.partition}.${last.number}`;

const query = z.strictObject({
  library: libraryQuery,
  limit: pageLimit,
  marker: segmentMarker.optional(),
});

export const listSegmentsRoute: Route = (app, { database, bearer }) => {
  app.get(
    "/v1/tapes/:barcode/segments",
    {
      onRequest: bearer("admin"),
      schema: {
        summary: "The segments of a tape, and where each lies.",
        security: adminSecurity,
        params: z.object({ barcode }),
        querystring: query,
        response: {
          200: z.object({ segments: z.array(tapeSegment), marker: z.string().nullable() }),
          ...errorResponses,
        },
      },
    },
    async ({ params, query: { library, limit, marker: after = null } }) => {
      const tape = await findTape(database, params.barcode, library);
      const found = await listSegments(database, tape, { after, limit });
      const { page, marker } = pageOf(found, limit, markerOf);
      return { segments: page, marker };
    },
  );
};
