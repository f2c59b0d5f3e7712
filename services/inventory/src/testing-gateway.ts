/** A gateway for tests: its control API over real HTTP, volumes in memory, answers as scripted. */
import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { createVolume, ERRORS, type ErrorCode, type EventBody } from "@reelhouse/contracts";

export const serviceToken = "service-token-for-tests";

/** What happens to the next request; without: what a gateway does. */
export type Script =
  | { readonly kind: "refuse"; readonly code: ErrorCode }
  /** It makes the volume, and the answer is lost. */
  | { readonly kind: "do, then cut the connection" }
  | { readonly kind: "cut the connection" }
  | { readonly kind: "no answer" }
  | { readonly kind: "answer"; readonly status: number; readonly body: string };

export interface TestGateway {
  readonly url: string;
  readonly volumes: Set<string>;
  /** `authorization` of each request. */
  readonly seen: string[];
  /** Used up from the front, one a request. */
  readonly script: Script[];
  /** Called with what the gateway would write to its outbox. */
  onEvents: (...bodies: EventBody[]) => void;
  close(): Promise<void>;
}

function refuse(response: ServerResponse, code: ErrorCode): void {
  const { httpStatus, retryable, message } = ERRORS[code];
  response.writeHead(httpStatus, { "content-type": "application/json" });
  response.end(JSON.stringify({ code, message, retryable, requestId: "r1" }));
}

/** `eventsOf` makes the events for a volume made or removed. */
export async function startTestGateway(eventsOf: {
  created(barcode: string, capacityBytes: number): EventBody[];
  removed(barcode: string): EventBody[];
}): Promise<TestGateway> {
  const volumes = new Set<string>();

  const create = async (request: IncomingMessage): Promise<ErrorCode | null> => {
    const body = createVolume.body.parse(JSON.parse(await text(request)));
    if (volumes.has(body.barcode)) return "TAPE_EXISTS";
    volumes.add(body.barcode);
    gateway.onEvents(...eventsOf.created(body.barcode, body.capacityBytes));
    return null;
  };
  const remove = (url: string): ErrorCode | null => {
    const barcode = url.split("/").at(-1) ?? "";
    if (!volumes.delete(barcode)) return "TAPE_NOT_FOUND";
    gateway.onEvents(...eventsOf.removed(barcode));
    return null;
  };
  /** As a gateway does it. */
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const isPost = request.method === "POST";
    const refusal = isPost ? await create(request) : remove(request.url ?? "");
    if (refusal !== null) return refuse(response, refusal);
    response.writeHead(isPost ? 201 : 204, { "content-type": "application/json" });
    return void response.end(
      isPost ? JSON.stringify({ barcode: "x", elementAddress: 20_000 }) : "",
    );
  };
  const play = async (script: Script, request: IncomingMessage, response: ServerResponse) => {
    if (script.kind === "refuse") refuse(response, script.code);
    if (script.kind === "answer") response.writeHead(script.status).end(script.body);
    if (script.kind === "cut the connection") request.socket.destroy();
    if (script.kind === "do, then cut the connection") {
      await create(request);
      request.socket.destroy();
    }
  };
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    gateway.seen.push(request.headers.authorization ?? "");
    const script = gateway.script.shift();
    return script === undefined ? serve(request, response) : play(script, request, response);
  };

  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  assert(typeof address === "object" && address !== null);
  const gateway: TestGateway = {
    url: `http://127.0.0.1:${address.port}`,
    volumes,
    seen: [],
    script: [],
    onEvents: () => undefined,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return gateway;
}
