/** Takes from an SDK error what may be shown: never its request, response or headers, which hold credentials. */

export interface SdkErrorSummary {
  readonly name: string;
  readonly httpStatus: number | undefined;
  readonly summary: string;
}

const MESSAGE_LENGTH_MAX = 300;

const field = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

/** The answer that an error stands for; undefined where there was none. */
export const responseOf = (error: unknown): unknown => field(error, "$response");

/** `name` in lower case, as the SDK keeps them. */
export const responseHeader = (response: unknown, name: string): string | undefined =>
  text(field(field(response, "headers"), name));

/** How often the SDK tried, of an output or an error; 1 where it does not say. */
export const attemptsOf = (outputOrError: unknown): number => {
  const attempts = field(field(outputOrError, "$metadata"), "attempts");
  return typeof attempts === "number" ? attempts : 1;
};

/** A field of the error's own that is safe to show (a region, a name). */
export const errorField = (error: unknown, name: string): string | undefined =>
  text(field(error, name));

/** The status of an answer the SDK could not even parse (a proxy's page) hides in `$response`. */
const statusOf = (error: unknown): number | undefined => {
  const status =
    field(field(error, "$metadata"), "httpStatusCode") ??
    field(field(error, "$response"), "statusCode");
  return typeof status === "number" ? status : undefined;
};

export const describeSdkError = (error: unknown): SdkErrorSummary => {
  // AggregateError of Node's dual-stack connect says nothing itself; its first member does.
  const inner: unknown = error instanceof AggregateError ? (error.errors[0] ?? error) : error;
  const name = text(field(inner, "name")) ?? "Error";
  const httpStatus = statusOf(inner);
  const requestId = text(field(field(inner, "$metadata"), "requestId"));
  const message = (text(field(inner, "message")) ?? String(inner)).slice(0, MESSAGE_LENGTH_MAX);
  const summary = [
    `${name}: ${message}`,
    httpStatus === undefined ? undefined : `HTTP ${httpStatus}`,
    requestId === undefined ? undefined : `request ${requestId}`,
  ]
    .filter((part) => part !== undefined)
    .join(", ");
  return { name, httpStatus, summary };
};
