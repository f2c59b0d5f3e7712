/** Requests that the gateway answers and the inventory hands on: the answer's form is checked, failures become ours. */
import { ERRORS } from "@reelhouse/contracts";
import { ServiceError } from "@reelhouse/service-kit";
import type { z } from "zod";
import type { AskMethod, GatewayAnswer, GatewayClient } from "./gateway-client.ts";

export interface Relayed<Schema extends z.ZodType> {
  readonly method: AskMethod;
  readonly path: string;
  readonly body?: object;
  /** Of the answer. */
  readonly response: Schema;
}

/** Throws the gateway's refusal as it is, GATEWAY_UNAVAILABLE when it gave no answer that makes sense. */
export async function relay<Schema extends z.ZodType>(
  gateway: Pick<GatewayClient, "ask">,
  { method, path, body, response }: Relayed<Schema>,
): Promise<z.infer<Schema>> {
  const answer = await gateway.ask(method, path, body);
  if (answer.kind === "refused") throw refusalOf(answer);
  // Each but a POST may be sent twice: it says what is to be, not what is to change.
  const again = method === "POST" ? "look before you send it again" : "send the same request again";
  const detail = `It may have been done; ${again}.`;
  const doubt = method === "GET" ? {} : { detail };
  if (answer.kind !== "done")
    throw new ServiceError("GATEWAY_UNAVAILABLE", {
      cause: answer.cause,
      ...(answer.kind === "unknown" ? doubt : {}),
    });
  const parsed = response.safeParse(answer.body);
  if (!parsed.success)
    throw new ServiceError("GATEWAY_UNAVAILABLE", { cause: parsed.error, ...doubt });
  return parsed.data;
}

/** The gateway's message is the table's and a detail behind it; the table's comes again by itself. */
function refusalOf({
  code,
  message,
  field,
}: Extract<GatewayAnswer, { kind: "refused" }>): ServiceError {
  const detail = message.startsWith(ERRORS[code].message)
    ? message.slice(ERRORS[code].message.length).trim()
    : message;
  return new ServiceError(code, {
    ...(detail === "" ? {} : { detail }),
    ...(field === undefined ? {} : { field }),
  });
}

/** The path of a resource of the control API, with its parameter filled in. */
export const controlPath = (path: string, parameter: string): string =>
  path.replace(/:[a-z]+/i, encodeURIComponent(parameter));
