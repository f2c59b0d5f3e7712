/** GET /v1/audit: who changed what over the API and what came of it, newest first, a page at a time. */
import { auditEntry } from "@reelhouse/contracts";
import { z } from "zod";
import { listAudit } from "../store/audit-list.ts";
import { adminSecurity, errorResponses, pageLimit, pageOf, type Route } from "./route.ts";

const marker = z
  .string()
  .regex(/^[0-9]{1,18}$/, "not a marker of this list")
  .transform((text) => BigInt(text))
  .describe("`marker` of the page before.");

const word = z.string().min(1).max(300).optional();

const query = z.strictObject({
  subject: word.describe("What was changed: a barcode, a library, a target, as it was given."),
  action: word.describe("What was done: `tape.create`, `iscsi.access.set`, …"),
  limit: pageLimit,
  marker: marker.optional(),
});

export const listAuditRoute: Route = (app, { database, bearer }) => {
  app.get(
    "/v1/audit",
    {
      onRequest: bearer("admin"),
      schema: {
        summary: "Who changed what over this API, and what came of it, newest first.",
        security: adminSecurity,
        querystring: query,
        response: {
          200: z.object({ audit: z.array(auditEntry), marker: z.string().nullable() }),
          ...errorResponses,
        },
      },
    },
    async ({ query: { subject, action, limit, marker: after = null } }) => {
      const found = await listAudit(database, { subject, action, limit, after });
      const { page, marker: next } = pageOf(found, limit, ({ id }) => id);
      return { audit: page, marker: next };
    },
  );
};
