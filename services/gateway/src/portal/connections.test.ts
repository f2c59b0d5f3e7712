/** Which connection may be, and which gives way, without a socket. */
import { once } from "node:events";
import { connect, createServer, Socket } from "node:net";
import type { Connection, ConnectionState } from "@reelhouse/iscsi";
import { expect, test } from "vitest";
import { createConnections } from "./connections.ts";

const limits = { halfOpenMax: 4, halfOpenPerAddressMax: 3, connectionsMax: 6 };

function start(admitted: Partial<typeof limits> = {}) {
  let displaced = 0;
  const connections = createConnections({
    admission: { connect: () => undefined },
    limits: { ...limits, ...admitted },
    displaced: () => void (displaced += 1),
  });
  /** Comes in, if it may, and is then in that state: why not, or its socket. */
  const come = (address: string, said: ConnectionState | { readonly state: ConnectionState }) => {
    const refusal = connections.admit(address, 0);
    if (refusal !== undefined) return refusal;
    const socket = new Socket();
    // Without a handle a reset says so.
    socket.on("error", () => undefined);
    const connection = typeof said === "string" ? { state: said } : said;
    // Only its state is looked at.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    connections.add(socket, address, connection as Connection);
    return socket;
  };
  return { connections, come, displaced: () => displaced };
}
const isGone = (socket: Socket | string): boolean => typeof socket !== "string" && socket.destroyed;

test("one address with too many logins under way → refused, and those it refused do not count", () => {
  const { come } = start();
  come("192.0.2.1", "FREE");
  for (let count = 0; count < 2; count++) come("192.0.2.1", "IN_LOGIN");
  expect(come("192.0.2.1", "XPT_UP")).toBeInstanceOf(Socket);
  expect(come("192.0.2.1", "XPT_UP")).toBe("halfOpen");
  expect(come("192.0.2.2", "XPT_UP")).toBeInstanceOf(Socket);
});

test("all places taken → one that was refused goes first, then the oldest of the address that has most", () => {
  const { come, displaced } = start();
  const login = come("192.0.2.9", "IN_LOGIN");
  const crowd = [come("192.0.2.1", "XPT_UP"), come("192.0.2.1", "XPT_UP")];
  const refused = come("192.0.2.2", "FREE");
  come("192.0.2.3", "XPT_UP");
  expect([isGone(refused), displaced()]).toEqual([true, 1]);
  come("192.0.2.4", "XPT_UP");
  expect([...crowd, login].map(isGone)).toEqual([true, false, false]);
});

test("many at once, before any close was heard of → never more than there are places", () => {
  const { come, connections } = start();
  for (let index = 0; index < 100; index++) come(`192.0.2.${index}`, "XPT_UP");
  expect(connections.size).toBe(4);
  expect(connections.halfOpenCount).toBe(4);
});

test("sessions that are being closed, beside as many logins as may be → give way, so that the logins stay in bounds", () => {
  const { come, connections } = start({ connectionsMax: 9 });
  const sessions = [1, 2, 3].map((index) => {
    const connection = { state: "LOGGED_IN" as ConnectionState };
    come(`192.0.2.${index}`, connection);
    return connection;
  });
  for (let index = 10; index < 14; index++) come(`192.0.2.${index}`, "XPT_UP");
  for (const session of sessions) session.state = "FREE";
  for (let index = 20; index < 24; index++) come(`192.0.2.${index}`, "XPT_UP");
  expect([connections.halfOpenCount, connections.size]).toEqual([4, 4]);
});

test("few descriptors, and sessions in all places → refused, and no session gives way", () => {
  const { come } = start({ connectionsMax: 2 });
  const sessions = [come("192.0.2.1", "LOGGED_IN"), come("192.0.2.1", "LOGGED_IN")];
  expect(come("192.0.2.2", "XPT_UP")).toBe("connections");
  expect(sessions.map(isGone)).toEqual([false, false]);
});

test("one that was told the last word just now gives way → its socket is closed all the same", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  const client = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  client.on("error", () => undefined);
  const accepted = await new Promise<Socket>((resolve) => server.once("connection", resolve));
  const faults: Error[] = [];
  accepted.on("error", (error) => faults.push(error));
  const { connections, come } = start({ halfOpenMax: 1 });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  connections.add(accepted, "192.0.2.1", { state: "FREE" } as Connection);
  accepted.end("no");
  // Its FIN is asked for, and not sent yet.
  await new Promise<void>((resolve) => {
    process.nextTick(resolve);
  });
  const closed = once(accepted, "close");
  come("192.0.2.2", "XPT_UP");
  await closed;
  expect(faults).toEqual([]);
  client.destroy();
  server.close();
});
