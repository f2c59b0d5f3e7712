/** Whatever a request can fail with → a row of contracts' ERRORS. What has none is INTERNAL, and only the log says why. */
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { ServiceError } from "./service-error.ts";

const places: Readonly<Record<string, string>> = {
  body: "body",
  params: "path",
  querystring: "query",
  headers: "headers",
};

/** `/limits/0/name` in the query → `query.limits.0.name`. */
const fieldPath = (context: string | undefined, pointer: string): string => {
  const place = places[context ?? "body"] ?? "body";
  return [place, ...pointer.split("/").filter((part) => part !== "")].join(".");
};

const unrecognizedKey = (params: unknown): string | undefined => {
  if (typeof params !== "object" || params === null || !("keys" in params)) return undefined;
  return Array.isArray(params.keys) ? String(params.keys[0]) : undefined;
};

const validationError = (error: unknown): ServiceError | null => {
  if (!hasZodFastifySchemaValidationErrors(error)) return null;
  const first = error.validation[0];
  const extra = unrecognizedKey(first?.params);
  const pointer = `${first?.instancePath ?? ""}${extra === undefined ? "" : `/${extra}`}`;
  const field = fieldPath(error.validationContext, pointer);
  const detail = first?.message === undefined ? {} : { detail: `${first.message}.` };
  return new ServiceError("INVALID_REQUEST", { field, ...detail, cause: error });
};

/** fastify's own refusals: bad JSON, a body too large, a wrong content type. */
const refusal = (error: unknown): ServiceError | null => {
  if (!(error instanceof Error) || !("statusCode" in error)) return null;
  const { statusCode } = error;
  if (typeof statusCode !== "number" || statusCode < 400 || statusCode > 499) return null;
  return new ServiceError("INVALID_REQUEST", {
    field: "body",
    detail: `${error.message}.`,
    cause: error,
  });
};

/** Total: every value thrown becomes a ServiceError. */
export const toServiceError = (error: unknown): ServiceError =>
  error instanceof ServiceError
    ? error
    : (validationError(error) ?? refusal(error) ?? new ServiceError("INTERNAL", { cause: error }));
