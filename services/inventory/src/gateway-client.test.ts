/** What became of a request to the gateway, for everything a gateway and a network can do. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { createGatewayClient } from "./gateway-client.ts";
import { type Script, startTestGateway, type TestGateway } from "./testing-gateway.ts";

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startTestGateway({
    created: () => [],
    removed: () => [],
  });
});
afterEach(() => gateway.close());

const answer = (status: number, body: string): Script => ({ kind: "answer", status, body });

test.each<[string, Script, object]>([
  ["it does it", answer(204, ""), { kind: "done" }],
  [
    "a refusal of the table",
    { kind: "refuse", code: "TAPE_IN_DRIVE" },
    { kind: "refused", code: "TAPE_IN_DRIVE" },
  ],
  ["our token is wrong", { kind: "refuse", code: "UNAUTHENTICATED" }, { kind: "unreachable" }],
  ["another program answers", answer(404, "<html>nginx</html>"), { kind: "unreachable" }],
  ["it fails inside", answer(500, "oops"), { kind: "unknown" }],
  ["a proxy gives up", answer(502, "<html>"), { kind: "unknown" }],
  ["the connection breaks", { kind: "cut the connection" }, { kind: "unknown" }],
])("%s → %j", async (_name, script, wanted) => {
  gateway.script.push(script);
  const client = createGatewayClient(gateway.url, "token");
  expect(await client.removeVolume("RHS001L8")).toMatchObject(wanted);
});

test("nobody listens → unreachable", async () => {
  await gateway.close();
  const client = createGatewayClient(gateway.url, "token");
  expect((await client.removeVolume("RHS001L8")).kind).toBe("unreachable");
});

test("no answer in time → unknown", async () => {
  gateway.script.push({ kind: "no answer" });
  const client = createGatewayClient(gateway.url, "token", { timeoutMs: 50 });
  expect((await client.removeVolume("RHS001L8")).kind).toBe("unknown");
});

test("service stops while the gateway hangs → unknown, at once", async () => {
  gateway.script.push({ kind: "no answer" });
  const stopping = new AbortController();
  const client = createGatewayClient(gateway.url, "token", { stop: stopping.signal });
  const answered = client.removeVolume("RHS001L8");
  setTimeout(() => stopping.abort(), 20);
  expect((await answered).kind).toBe("unknown");
});
