/** GET /v1/iscsi/refusals: whose logins and connections were refused lately, and why. The gateway bounds how many it keeps. */
import { controlRefusals, iscsiRefusal } from "@reelhouse/contracts";
import { z } from "zod";
import { relay } from "../../gateway-relay.ts";
import { adminSecurity, errorResponses, type Route } from "../route.ts";
import { initiatorQuery, isAskedFor, targetQuery } from "./name-filter.ts";

const query = z.strictObject({
  kind: iscsiRefusal.shape.kind.optional().describe("Of this kind alone."),
  initiatorName: initiatorQuery,
  targetName: targetQuery,
});

export const listRefusalsRoute: Route = (app, { gateway, bearer }) => {
  const { path, response } = controlRefusals;
  app.get(
    "/v1/iscsi/refusals",
    {
      onRequest: bearer("admin"),
      schema: {
        summary: "Logins and connections that were refused lately, with why, newest first.",
        security: adminSecurity,
        querystring: query,
        response: { 200: response, ...errorResponses },
      },
    },
    async ({ query: { kind, initiatorName, targetName } }) => {
      const { refusals } = await relay(gateway, { method: "GET", path, response });
      const isMeant = (refusal: (typeof refusals)[number]) =>
        (kind === undefined || kind === refusal.kind) &&
        isAskedFor(initiatorName, refusal.initiatorName) &&
        isAskedFor(targetName, refusal.targetName);
      return { refusals: refusals.filter((refusal) => isMeant(refusal)) };
    },
  );
};
