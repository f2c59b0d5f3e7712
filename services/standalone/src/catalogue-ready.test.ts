/** Waiting for the catalogue, against a server that knows the library only at the third question. */
import { once } from "node:events";
import { createServer } from "node:http";
import { expect, test } from "vitest";
import { catalogueReady } from "./catalogue-ready.ts";

test("not known, then known → true, asked with the token; never known → false after the limit", async () => {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers.authorization);
    response.writeHead(asked.length < 3 ? 404 : 200).end("{}");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  expect(await catalogueReady(`http://127.0.0.1:${port}`, "t1")).toBe(true);
  expect(asked).toEqual(["Bearer t1", "Bearer t1", "Bearer t1"]);
  server.close();
  expect(await catalogueReady("http://127.0.0.1:1", "t1", 150)).toBe(false);
});
