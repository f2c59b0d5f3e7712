/** The HTTP server of the inventory: service-kit's, with the API's description and our routes. */
import swagger from "@fastify/swagger";
import {
  createHttpServer,
  type HttpApp,
  type HttpServerOptions,
  ServiceError,
} from "@reelhouse/service-kit";
import { jsonSchemaTransform } from "fastify-type-provider-zod";
import { type Catalogue, refuseUntilMigrated } from "./catalogue.ts";
import { isDatabaseAway } from "./database.ts";
import type { GatewayClient } from "./gateway-client.ts";
import { openapiRoute } from "./routes/openapi.ts";
import { catalogueRoutes, gatewayRoutes } from "./routes/routes.ts";

export interface AppOptions extends Pick<
  HttpServerOptions,
  "logger" | "metrics" | "health" | "tokens"
> {
  readonly catalogue: Catalogue;
  readonly gateway: GatewayClient;
}

const description = {
  openapi: {
    info: {
      title: "Reelhouse",
      description: "The catalogue of a virtual tape library, and its operation.",
      version: "1",
    },
    components: { securitySchemes: { adminToken: { type: "http", scheme: "bearer" } } },
  },
  transform: jsonSchemaTransform,
} as const;

/** Makes the app; it listens nowhere yet. */
export async function createApp({ catalogue, gateway, ...options }: AppOptions): Promise<HttpApp> {
  const { database } = catalogue;
  options.health.add("database", () => catalogue.check());
  const { app, bearer } = await createHttpServer({
    ...options,
    plugins: (server) => server.register(swagger, description),
  });
  const context = { database, gateway, bearer, metrics: options.metrics };
  openapiRoute(app, context);
  for (const route of gatewayRoutes) route(app, context);
  await app.register(async (routes: HttpApp) => {
    routes.setErrorHandler((cause) => {
      // A ServiceError says what it is already; its cause may be another service's broken connection.
      const isAway = !(cause instanceof ServiceError) && isDatabaseAway(cause);
      throw isAway ? new ServiceError("DATABASE_UNAVAILABLE", { cause }) : cause;
    });
    routes.addHook("preHandler", async () => refuseUntilMigrated(catalogue));
    for (const route of catalogueRoutes) route(routes, context);
  });
  return app;
}
