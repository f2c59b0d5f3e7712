/** One HTTP request and its answer, with the faults that strike it. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "../faults.ts";
import type { Headers } from "./receive-blob.ts";

export interface Answer {
  readonly httpStatus: number;
  readonly headers: Headers;
  readonly body: string | AsyncIterable<Buffer>;
}

/** The connection was cut on purpose, or by the client: there is nobody to answer. */
export class ConnectionCut extends Error {}

export interface Exchange {
  readonly method: string;
  /** Path and query as they came. */
  readonly target: string;
  /** Still percent-encoded, and never normalised: a key may hold `//` and `..`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly requestId: string;
  /** The raw body; the client is told to go on (100 Continue) when the first byte is asked for. */
  body(): AsyncIterable<Buffer>;
  setFault(fault: Fault | null): Promise<void>;
  send(answer: Answer): Promise<void>;
}

/** After this much of a request's or answer's body a cut happens. */
const CUT_BYTES = 1000;

const singleHeaders = (request: IncomingMessage): Headers =>
  Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(",") : (value ?? ""),
    ]),
  );

const write = async (response: ServerResponse, chunk: Buffer): Promise<void> => {
  if (response.destroyed) throw new ConnectionCut();
  if (response.write(chunk)) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      response.off("drain", done).off("close", done);
      resolve();
    };
    response.on("drain", done).on("close", done);
  });
};

const flip = (chunk: Buffer): Buffer => {
  const flipped = Buffer.from(chunk);
  const middle = Math.floor(flipped.length / 2);
  flipped[middle] = (flipped[middle] ?? 0) ^ 1;
  return flipped;
};

const toChunks = (body: string | AsyncIterable<Buffer>): AsyncIterable<Buffer> | Buffer[] => {
  if (typeof body !== "string") return body;
  return body === "" ? [] : [Buffer.from(body, "utf8")];
};

/** `/path?query`, as both S3 and SigV4 read it. */
export const splitTarget = (target: string) => {
  const mark = target.indexOf("?");
  return {
    path: mark < 0 ? target : target.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? "" : target.slice(mark + 1)),
  };
};

export const createExchange = (
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): Exchange => {
  const headers = singleHeaders(request);
  let fault: Fault | null = null;

  const cut = (): never => {
    response.destroy();
    throw new ConnectionCut();
  };
  async function* body(): AsyncGenerator<Buffer> {
    if (headers["expect"]?.toLowerCase() === "100-continue") response.writeContinue();
    let byteLength = 0;
    const source: AsyncIterable<Buffer> = request;
    try {
      for await (const chunk of source) {
        byteLength += chunk.length;
        yield chunk;
        if (fault?.kind === "cut-request" && byteLength >= CUT_BYTES) cut();
      }
    } catch (error) {
      // The client went away in the middle of its body.
      throw request.destroyed && !request.complete ? new ConnectionCut() : error;
    }
    if (fault?.kind === "cut-request") cut();
  }
  const sendBody = async (answer: Answer): Promise<void> => {
    let first = true;
    for await (const chunk of toChunks(answer.body)) {
      if (fault?.kind === "cut-response") {
        await write(response, chunk.subarray(0, Math.min(CUT_BYTES, chunk.length >> 1)));
        // Let the part that was written leave before the connection goes.
        await sleep(10);
        cut();
      }
      await write(response, fault?.kind === "corrupt-response" && first ? flip(chunk) : chunk);
      first = false;
    }
  };
  return {
    method: request.method ?? "GET",
    target: request.url ?? "/",
    ...splitTarget(request.url ?? "/"),
    headers,
    requestId,
    body,
    async setFault(value) {
      fault = value;
      if (fault?.kind === "outage") cut();
      if (fault?.kind === "delay") await sleep(fault.delayMs ?? 0);
    },
    async send(answer) {
      const hasBody = request.method !== "HEAD" && answer.body !== "";
      if (fault?.kind === "cut-response" && !hasBody) cut();
      const length =
        typeof answer.body === "string" && answer.headers["content-length"] === undefined
          ? { "content-length": String(Buffer.byteLength(answer.body)) }
          : {};
      response.writeHead(answer.httpStatus, { ...length, ...answer.headers });
      if (hasBody) await sendBody(answer);
      response.end();
    },
  };
};
