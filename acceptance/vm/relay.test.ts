/** The relay that the guest has broken: what passes, what is reset, and when. */
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startRelay, type Relay } from "./relay.ts";

let portal: Server;
let relay: Relay;
/** What the portal got, and how each of its connections ended. */
let received: Buffer;
let endings: string[];
beforeEach(async () => {
  received = Buffer.alloc(0);
  endings = [];
  portal = createServer((socket) => {
    socket.on("data", (bytes) => {
      received = Buffer.concat([received, bytes]);
      socket.write(bytes);
    });
    socket.on("error", (error: NodeJS.ErrnoException) => endings.push(error.code ?? ""));
    socket.on("close", (failed) => failed || endings.push("end"));
  }).listen(0, "127.0.0.1");
  await once(portal, "listening");
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server's address is never a path
  relay = await startRelay((portal.address() as AddressInfo).port);
});
afterEach(async () => {
  await relay.close();
  portal.close();
});

const dial = async (): Promise<Socket> => {
  const socket = connect({ host: "127.0.0.1", port: relay.port });
  await once(socket, "connect");
  // The relay's end resets what a test leaves open.
  return socket.on("error", () => {});
};
const errorOf = async (socket: Socket): Promise<string> => {
  const { promise, resolve } = Promise.withResolvers<string>();
  socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""));
  socket.once("close", () => resolve("end"));
  socket.resume();
  return promise;
};

test("bytes → passed both ways; an end is an end on the other side", async () => {
  const socket = await dial();
  socket.write("there");
  const [back] = await once(socket, "data");
  expect(String(back)).toBe("there");
  socket.destroy();
  await expect.poll(() => endings).toEqual(["end"]);
});

test("reset → ECONNRESET on both sides", async () => {
  const socket = await dial();
  socket.write("there");
  await once(socket, "data");
  const error = errorOf(socket);
  expect(relay.reset()).toBe(1);
  expect(await error).toBe("ECONNRESET");
  await expect.poll(() => endings).toEqual(["ECONNRESET"]);
});

test("resetAfter 5 bytes of 8 → five are given on, then a reset; the next connection is whole", async () => {
  relay.resetAfter(5);
  const socket = await dial();
  const error = errorOf(socket);
  socket.write("12345678");
  expect(await error).toBe("ECONNRESET");
  await expect.poll(() => endings).toHaveLength(1);
  expect(received.length).toBeLessThanOrEqual(5);
  const next = await dial();
  next.write("a longer text");
  const [back] = await once(next, "data");
  expect(String(back)).toBe("a longer text");
  next.destroy();
});

test("cut → connections are reset and new ones refused, until the time is over", async () => {
  const socket = await dial();
  const error = errorOf(socket);
  const milliseconds = 300;
  expect(relay.cut(milliseconds)).toBe(1);
  expect(await error).toBe("ECONNRESET");
  await expect(dial()).rejects.toThrow("ECONNREFUSED");
  await expect.poll(() => dial().catch(() => undefined)).toBeDefined();
});

test("resetAfter 5 bytes, and nobody listens for a while → reset, refused, and back", async () => {
  const milliseconds = 300;
  relay.resetAfter(5, 1, milliseconds);
  const socket = await dial();
  const error = errorOf(socket);
  socket.write("12345678");
  expect(await error).toBe("ECONNRESET");
  await expect(dial()).rejects.toThrow("ECONNREFUSED");
  await expect.poll(() => dial().catch(() => undefined)).toBeDefined();
});

test("resetAfter 5 bytes, twice → the third connection is whole", async () => {
  const twice = 2;
  relay.resetAfter(5, twice);
  for (let count = 0; count < twice; count++) {
    const socket = await dial();
    const error = errorOf(socket);
    socket.write("12345678");
    expect(await error).toBe("ECONNRESET");
  }
  const socket = await dial();
  socket.write("a longer text");
  expect(String(await once(socket, "data"))).toBe("a longer text");
});
