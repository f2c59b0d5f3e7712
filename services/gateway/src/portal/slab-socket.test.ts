import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import { afterEach, expect, test } from "vitest";
import { createSlabPool, slabBytes } from "./slab-pool.ts";
import type { Slab } from "./slab-pool.ts";
import { adoptSocket } from "./slab-socket.ts";
import { createTurns } from "./turns.ts";

const servers: net.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

type Holder = Pick<Slab, "retain" | "release">;

const always = () => true;

async function pair(
  slabsMax: number,
  receive: (chunk: Uint8Array, slab: Holder) => void,
  hasLoggedIn = always,
) {
  const pool = createSlabPool();
  const server = net.createServer({ pauseOnConnect: true });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const accepting = new Promise<net.Socket>((resolve) => server.once("connection", resolve));
  const address = server.address();
  assert(address !== null && typeof address === "object");
  const client = net.connect(address.port, "127.0.0.1");
  const accepted = await accepting;
  const budget = pool.budget(slabsMax);
  const adopted = adoptSocket(accepted, { budget, turns: createTurns() }, { receive, hasLoggedIn });
  // One side may go while the other has bytes left.
  for (const each of [adopted.socket, client]) each.on("error", () => undefined);
  return { pool, client, ...adopted };
}

/** Bytes that tell their own place in the stream. */
const pattern = (length: number) => {
  const words = new Uint32Array(length / 4);
  for (let index = 0; index < words.length; index++) words[index] = index;
  return new Uint8Array(words.buffer);
};

test("a stream through few slabs, each released at once → arrives in order, in two buffers at most", async () => {
  const sent = pattern(24 * slabBytes);
  let received = 0;
  let wrong = 0;
  const buffers = new Set<ArrayBufferLike>();
  const { client, socket, pool } = await pair(2, (chunk) => {
    buffers.add(chunk.buffer);
    if (
      !Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).equals(
        sent.subarray(received, received + chunk.length),
      )
    )
      wrong++;
    received += chunk.length;
  });
  client.end(sent);
  await once(socket, "end");
  socket.end();
  await once(socket, "close");
  expect({ received, wrong, held: pool.heldCount }).toEqual({
    received: sent.length,
    wrong: 0,
    held: 0,
  });
  expect(buffers.size).toBeLessThanOrEqual(2);
});

test("a reader that holds all slabs → is not read further, and goes on when it gives one back", async () => {
  const sent = pattern(8 * slabBytes);
  const held: Holder[] = [];
  let received = 0;
  const { client, socket } = await pair(3, (chunk, slab) => {
    slab.retain();
    held.push(slab);
    received += chunk.length;
  });
  client.end(sent);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(received).toBeGreaterThan(0);
  expect(received).toBeLessThanOrEqual(3 * slabBytes);
  const release = setInterval(() => held.shift()?.release(), 1);
  await once(socket, "end");
  clearInterval(release);
  expect(received).toBe(sent.length);
  socket.destroy();
  client.destroy();
});

test("what the server writes → reaches the client", async () => {
  const { client, socket } = await pair(2, () => undefined);
  socket.write("answer");
  const answer = await new Promise<Buffer>((resolve) => client.once("data", resolve));
  expect(answer.toString()).toBe("answer");
  client.destroy();
  await once(socket, "close");
});

test("a peer that asks and takes no answers → is not read further, until it takes them", async () => {
  const answer = Buffer.alloc(slabBytes / 16);
  let received = 0;
  let write: (() => void) | undefined;
  const { client, socket, send } = await pair(4, (chunk) => {
    received += chunk.length;
    write?.();
  });
  write = () => send([answer], () => undefined);
  client.pause();
  const sent = 4 * slabBytes;
  const question = Buffer.alloc(1024);
  for (let count = 0; count < sent / question.length; count++) client.write(question);
  client.end();
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(socket.writableLength).toBeLessThan(5 * slabBytes);
  expect(received).toBeLessThan(sent);
  client.resume();
  await once(socket, "end");
  expect(received).toBe(sent);
  socket.destroy();
  client.destroy();
});

test("requests of 64 bytes with answers of 16 KiB, by the MiB, from a peer that takes none → few of them are answered", async () => {
  const answer = Buffer.alloc(16 * 1024);
  let most = 0;
  const { client, socket, send } = await pair(4, (chunk) => {
    for (let count = 0; count < chunk.length / 64; count++) send([answer], () => undefined);
    most = Math.max(most, socket.writableLength);
  });
  client.pause();
  client.write(Buffer.alloc(4 * slabBytes), () => undefined);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(most).toBeGreaterThan(2 * slabBytes);
  expect(most).toBeLessThan(8 * slabBytes);
  const closed = new Promise((resolve) => socket.once("close", resolve));
  client.destroy();
  await closed;
});

test("answers without end that nobody takes, each of a few bytes → the peer is not read when 1024 wait", async () => {
  let unsent = 0;
  const { client, socket, send } = await pair(4, (chunk) => {
    for (let count = 0; count < chunk.length / 48; count++) {
      unsent++;
      send([Buffer.alloc(48)], () => void unsent--);
    }
  });
  client.pause();
  client.write(Buffer.alloc(8 * slabBytes));
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(unsent).toBeLessThan(1024 + 16 * 1024);
  client.resume();
  client.end();
  await once(socket, "end");
  socket.destroy();
  expect(unsent).toBeLessThanOrEqual(1024);
});

/** Keeps the event loop busy. */
const spin = (ms: number) => {
  for (const begun = performance.now(); performance.now() - begun < ms;);
};

test("a peer whose requests cost much time → others have their turns between them", async () => {
  let received = 0;
  const { client, socket } = await pair(4, (chunk) => {
    received += chunk.length;
    spin(1);
  });
  let slowest = 0;
  let before = performance.now();
  const others = setInterval(() => {
    slowest = Math.max(slowest, performance.now() - before);
    before = performance.now();
  }, 1);
  client.end(Buffer.alloc(2 * slabBytes));
  await once(socket, "end");
  clearInterval(others);
  expect(received).toBe(2 * slabBytes);
  expect(slowest).toBeLessThan(60);
  socket.destroy();
});

test("somebody who has not logged in → is read into small buffers of its own; then into slabs", async () => {
  let hasLoggedIn = false;
  let received = 0;
  const receive = (chunk: Uint8Array) => void (received += chunk.length);
  const { client, socket, pool } = await pair(2, receive, () => hasLoggedIn);
  client.write(Buffer.alloc(40_000));
  await expect.poll(() => received).toBe(40_000);
  expect(pool.heldCount).toBe(0);
  hasLoggedIn = true;
  client.write(Buffer.alloc(40_000));
  await expect.poll(() => received).toBe(80_000);
  expect(pool.heldCount).toBe(1);
  client.destroy();
  await once(socket, "close");
  expect(pool.heldCount).toBe(0);
});

test("a peer that takes a long answer bit by bit → is taking it; one that takes nothing is not", async () => {
  const { client, socket, send, isTaking } = await pair(2, () => undefined);
  let bitBytes = 0;
  client.on("data", (chunk) => {
    bitBytes += chunk.length;
    if (bitBytes > 4 * slabBytes) client.pause();
  });
  client.pause();
  expect(isTaking()).toBe(false);
  send([Buffer.alloc(64 * slabBytes)]);
  const takesABit = () => {
    bitBytes = 0;
    client.resume();
    return isTaking();
  };
  await expect.poll(takesABit).toBe(true);
  await expect.poll(() => client.isPaused()).toBe(true);
  await expect.poll(() => isTaking()).toBe(false);
  expect(isTaking()).toBe(false);
  expect(socket.writableLength).toBeGreaterThan(0);
  socket.destroy();
  client.destroy();
});
