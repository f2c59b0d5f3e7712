/** GET /openapi.json: the API's description, made from the schemas that also check requests. Public. */
import type { Route } from "./route.ts";

export const openapiRoute: Route = (app) => {
  app.get("/openapi.json", { schema: { hide: true } }, async () => app.swagger());
};
