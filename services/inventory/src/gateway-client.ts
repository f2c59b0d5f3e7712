/** The gateway's control API. What became of a request is a value: who asks must treat each case on its own. */
import {
  createVolume,
  type CreateVolumeBody,
  errorBody,
  type ErrorCode,
} from "@reelhouse/contracts";

/** Making or removing a volume is a few small files; a gateway that takes longer is in trouble. */
const requestTimeoutMs = 10_000;

export type GatewayAnswer =
  | { readonly kind: "done"; readonly body: unknown }
  /** It understood and would not: nothing was changed. */
  | {
      readonly kind: "refused";
      readonly code: ErrorCode;
      readonly message: string;
      readonly field?: string | undefined;
    }
  /** It never got the request, or did not let us in: nothing was changed. */
  | { readonly kind: "unreachable"; readonly cause: unknown }
  /** The connection broke, the answer was late or no sense could be made of it: it may have been done. */
  | { readonly kind: "unknown"; readonly cause: unknown };

export type AskMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface GatewayClient {
  createVolume(body: CreateVolumeBody): Promise<GatewayAnswer>;
  removeVolume(barcode: string): Promise<GatewayAnswer>;
  /** Anything else of its control API. */
  ask(method: AskMethod, path: string, body?: object): Promise<GatewayAnswer>;
}

/** No connection was made. */
const notSentCodes: ReadonlySet<unknown> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

const codesOf = (error: unknown): readonly unknown[] => {
  if (typeof error !== "object" || error === null) return [];
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown };
  const inner = Array.isArray(errors) ? errors.flatMap(codesOf) : [];
  return [code, ...inner, ...(cause === undefined ? [] : codesOf(cause))];
};

/** These say that the request did not get past the gateway's door: our settings are wrong, not the operator's request. */
const doorCodes: ReadonlySet<ErrorCode> = new Set(["UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND"]);

async function answerOf(response: Response): Promise<GatewayAnswer> {
  const text = await response.text();
  if (response.ok) return { kind: "done", body: parseJson(text) };
  const cause = new Error(`the gateway answered ${response.status}: ${text.slice(0, 500)}`);
  if (response.status >= 500) return { kind: "unknown", cause };
  const parsed = errorBody.safeParse(parseJson(text));
  if (!parsed.success || doorCodes.has(parsed.data.code)) return { kind: "unreachable", cause };
  const { code, message, field } = parsed.data;
  return { kind: "refused", code, message, field };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // not ours, then: the schema refuses it
  }
}

export interface GatewayClientOptions {
  readonly timeoutMs?: number;
  /** Ends requests that wait: the service stops, and must not wait for a gateway that hangs. */
  readonly stop?: AbortSignal;
}

/** `baseUrl` of the control API; `serviceToken` as the gateway knows it. */
export function createGatewayClient(
  baseUrl: string,
  serviceToken: string,
  { timeoutMs = requestTimeoutMs, stop }: GatewayClientOptions = {},
): GatewayClient {
  const headers = { authorization: `Bearer ${serviceToken}` };
  const send = async (path: string, init: RequestInit): Promise<GatewayAnswer> => {
    try {
      const late = AbortSignal.timeout(timeoutMs);
      const signal = stop === undefined ? late : AbortSignal.any([late, stop]);
      return await answerOf(await fetch(new URL(path, baseUrl), { ...init, signal }));
    } catch (cause) {
      const isSent = !codesOf(cause).some((code) => notSentCodes.has(code));
      return { kind: isSent ? "unknown" : "unreachable", cause };
    }
  };
  const withJson = (body: object): RequestInit => ({
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return {
    createVolume: (body) => send(createVolume.path, { method: "POST", ...withJson(body) }),
    removeVolume: (barcode) =>
      send(`${createVolume.path}/${encodeURIComponent(barcode)}`, { method: "DELETE", headers }),
    ask: (method, path, body) =>
      send(path, { method, ...(body === undefined ? { headers } : withJson(body)) }),
  };
}
