/** GET /healthz (alive), /readyz (able to work), /metrics (Prometheus). Open to whoever reaches the port. */
import { z } from "zod";
import type { Health } from "./health.ts";
import type { HttpApp } from "./http-app.ts";
import type { Metrics } from "./metrics.ts";

const readiness = z.object({
  ready: z.boolean(),
  checks: z.array(
    z.object({
      name: z.string(),
      ok: z.boolean(),
      milliseconds: z.number(),
      error: z.string().optional(),
    }),
  ),
});

export const opsRoutes = (
  app: HttpApp,
  { health, metrics }: { readonly health: Health; readonly metrics: Metrics },
): void => {
  app.get(
    "/healthz",
    {
      schema: {
        response: { 200: z.object({ status: z.literal("ok") }) },
        summary: "Is the process alive?",
      },
    },
    async () => ({ status: "ok" as const }),
  );
  app.get(
    "/readyz",
    {
      schema: {
        response: { 200: readiness, 503: readiness },
        summary: "Can the service do its work?",
      },
    },
    async (_request, reply) => {
      const { ready, checks } = await health.readiness();
      return reply.code(ready ? 200 : 503).send({ ready, checks: [...checks] });
    },
  );
  app.get(
    "/metrics",
    { schema: { summary: "Metrics in Prometheus' text format." } },
    async (_request, reply) => {
      const text = await metrics.render();
      return reply.type(metrics.contentType).send(text);
    },
  );
};
