/**
 * The HTTP server every service has: fastify with zod types, request ids, errors by contracts' table, an access log,
 * limits, and the three routes for operators (/healthz, /readyz, /metrics).
 */
import type { IncomingMessage } from "node:http";
import { ERRORS } from "@reelhouse/contracts";
import { fastify, LogController, type FastifyBaseLogger, type FastifyRequest } from "fastify";
import {
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from "fastify-type-provider-zod";
import { bearerHook, type TokenKind, type Tokens } from "./bearer.ts";
import type { HttpApp } from "./http-app.ts";
import type { Health } from "./health.ts";
import { toServiceError } from "./http-errors.ts";
import type { Logger } from "./logger.ts";
import type { Metrics } from "./metrics.ts";
import { opsRoutes } from "./ops-routes.ts";
import { errorBodyOf, ServiceError } from "./service-error.ts";

export interface HttpServerOptions {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly tokens: Tokens;
  /** Largest body; default 1 MiB (500 events are below half of it). */
  readonly bodyBytesMax?: number;
  readonly requestTimeoutMs?: number;
  /** Runs before the first route, so that plugins which watch routes (swagger) see all of them. */
  readonly plugins?: (app: HttpApp) => unknown;
}

export interface HttpServer {
  readonly app: HttpApp;
  /** Hook that lets only bearers of that token pass; use as `onRequest`, before a body is read. */
  readonly bearer: (kind: TokenKind) => (request: FastifyRequest) => Promise<void>;
}

const bodyBytesMaxDefault = 1024 ** 2;
const requestTimeoutMsDefault = 30_000;
/** A client may name its request; what it sends stands in logs, so its form is bounded. */
const requestIdForm = /^[A-Za-z0-9._-]{1,64}$/;

const requestId = (request: IncomingMessage): string => {
  const given = request.headers["x-request-id"];
  return typeof given === "string" && requestIdForm.test(given) ? given : crypto.randomUUID();
};

const logRequests = (app: HttpApp, metrics: Metrics) => {
  const seconds = metrics.histogram("http_request_seconds", "HTTP requests by route and status.", [
    "method",
    "route",
    "status",
  ]);
  app.addHook("onRequest", async (request, reply) => {
    void reply.header("x-request-id", request.id);
  });
  app.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "unknown";
    const { method } = request;
    const status = reply.statusCode;
    seconds.observe({ method, route, status: String(status) }, reply.elapsedTime / 1000);
    const line = {
      event: "http",
      method,
      url: request.url,
      status,
      milliseconds: Math.round(reply.elapsedTime),
    };
    // Health and metrics are asked every few seconds for ever: they would bury the rest.
    if (route === "/healthz" || route === "/readyz" || route === "/metrics")
      request.log.debug(line);
    else request.log.info(line);
  });
};

const answerErrors = (app: HttpApp) => {
  app.setErrorHandler((thrown, request, reply) => {
    const error = toServiceError(thrown);
    const { httpStatus } = ERRORS[error.code];
    if (httpStatus >= 500)
      request.log.error({ event: "request-failed", code: error.code, err: error }, error.message);
    if (error.code === "UNAUTHENTICATED") void reply.header("www-authenticate", "Bearer");
    return reply.code(httpStatus).send(errorBodyOf(error, request.id));
  });
  app.setNotFoundHandler((request, reply) => {
    const error = new ServiceError("NOT_FOUND", {
      detail: `No route ${request.method} ${request.url.split("?")[0]}.`,
    });
    return reply.code(ERRORS.NOT_FOUND.httpStatus).send(errorBodyOf(error, request.id));
  });
};

/** Makes the server; the caller adds routes to `app` and then calls listen() of this package. */
export const createHttpServer = async (options: HttpServerOptions): Promise<HttpServer> => {
  // Widened, or pino's own type would run through every route's.
  const loggerInstance: FastifyBaseLogger = options.logger;
  const app: HttpApp = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestId,
    requestIdHeader: false,
    bodyLimit: options.bodyBytesMax ?? bodyBytesMaxDefault,
    requestTimeout: options.requestTimeoutMs ?? requestTimeoutMsDefault,
    forceCloseConnections: "idle",
    routerOptions: { maxParamLength: 200 },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  answerErrors(app);
  logRequests(app, options.metrics);
  await options.plugins?.(app);
  app.after(() => opsRoutes(app, options));
  return { app, bearer: bearerHook(options.tokens) };
};
