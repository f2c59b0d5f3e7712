/** The whole service for tests, but for its port: app, catalogue and a gateway whose events come back to it. */
import type { EventBody } from "@reelhouse/contracts";
import { createHealth, createLogger, createMetrics, type HttpApp } from "@reelhouse/service-kit";
import { createApp } from "./app.ts";
import { type Catalogue, openCatalogue } from "./catalogue.ts";
import { type AskMethod, createGatewayClient } from "./gateway-client.ts";
import {
  cartridgeMoved,
  deliveryOf,
  libraryDescribed,
  slot,
  volumeState,
} from "./testing-catalogue.ts";
import { serviceToken, startTestGateway, type TestGateway } from "./testing-gateway.ts";

export const adminToken = "admin-token-for-tests";

interface Answer<T = unknown> {
  readonly status: number;
  readonly body: T;
  readonly headers: Readonly<Record<string, unknown>>;
}

export interface TestService extends AsyncDisposable {
  readonly app: HttpApp;
  readonly catalogue: Catalogue;
  readonly gateway: TestGateway;
  /** Every line logged. */
  readonly log: string[];
  /** With the admin's token. */
  ask<T>(method: AskMethod, url: string, body?: object): Promise<Answer<T>>;
  /** Delivers events with the service's token, numbered on from the last. */
  deliver(...bodies: EventBody[]): Promise<void>;
}

async function inject<T>(
  app: HttpApp,
  token: string,
  request: {
    readonly method: AskMethod;
    readonly url: string;
    readonly body?: object;
  },
): Promise<Answer<T>> {
  const response = await app.inject({
    method: request.method,
    url: request.url,
    headers: { authorization: `Bearer ${token}` },
    ...(request.body === undefined ? {} : { payload: request.body }),
  });
  const { statusCode: status, headers } = response;
  const body: T = JSON.parse(response.body === "" ? "null" : response.body);
  return { status, body, headers };
}

export async function startTestService(databaseUrl: string): Promise<TestService> {
  const log: string[] = [];
  const logger = createLogger("inventory", "info", { write: (line) => void log.push(line) });
  const catalogue = openCatalogue(databaseUrl, logger);
  await catalogue.migrated;
  const gateway = await startTestGateway({
    created: (barcode, capacityBytes) => [
      { type: "volume.created", ...volumeState(barcode, { capacityBytes }) },
      cartridgeMoved(barcode, slot(0)),
    ],
    removed: (barcode) => [
      cartridgeMoved(barcode, null),
      { type: "volume.removed", library: "gw1", barcode },
    ],
  });
  const app = await createApp({
    logger,
    metrics: createMetrics("inventory"),
    health: createHealth(),
    tokens: { admin: adminToken, service: serviceToken },
    catalogue,
    gateway: createGatewayClient(gateway.url, serviceToken),
  });
  let next = 1;
  const deliver = async (...bodies: EventBody[]) => {
    const body = deliveryOf(bodies, { first: next });
    next += bodies.length;
    const answer = await inject<{ acceptedThrough: number }>(app, serviceToken, {
      method: "POST",
      url: "/internal/v1/events",
      body,
    });
    if (answer.body.acceptedThrough !== next - 1) throw new Error(JSON.stringify(answer));
  };
  let last: Promise<void> = Promise.resolve();
  gateway.onEvents = (...bodies) => {
    last = last.then(() => deliver(...bodies));
  };
  await deliver(libraryDescribed());
  return {
    app,
    catalogue,
    gateway,
    log,
    deliver,
    ask: (method, url, body) =>
      inject(app, adminToken, { method, url, ...(body === undefined ? {} : { body }) }),
    async [Symbol.asyncDispose]() {
      await app.close();
      await gateway.close();
      await catalogue.close();
    },
  };
}
