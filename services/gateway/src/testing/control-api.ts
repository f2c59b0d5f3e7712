/** For tests: the control API of a gateway, asked without a socket and with the service's token. */
import {
  createHealth,
  createHttpServer,
  createLogger,
  createMetrics,
} from "@reelhouse/service-kit";
import { controlRoutes } from "../control/control-routes.ts";
import type { Gateway } from "../gateway.ts";

const token = "a-token-of-a-test";

export interface ControlApi {
  ask(
    method: "GET" | "POST" | "PUT" | "DELETE",
    url: string,
    body?: object,
  ): Promise<ControlAnswer>;
}

export interface ControlAnswer {
  readonly status: number;
  /** What the answer says, as JSON. */
  readonly body: unknown;
}

export async function openControlApi(gateway: Gateway): Promise<ControlApi> {
  const http = await createHttpServer({
    logger: createLogger("gateway", "fatal"),
    metrics: createMetrics("gateway"),
    health: createHealth(),
    tokens: { service: token },
  });
  controlRoutes(http, gateway);
  return {
    async ask(method, url, body) {
      const response = await http.app.inject({
        method,
        url,
        headers: { authorization: `Bearer ${token}` },
        ...(body === undefined ? {} : { payload: body }),
      });
      return { status: response.statusCode, body: response.body === "" ? null : response.json() };
    },
  };
}
