import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import { afterEach, expect, test } from "vitest";
import { createSlabPool, slabBytes } from "./slab-pool.ts";
import type { Slab } from "./slab-pool.ts";
import { adoptSocket } from "./slab-socket.ts";

const servers: net.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function pair(slabsMax: number, receive: (chunk: Uint8Array, slab: Slab) => void) {
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
  return { pool, client, socket: adoptSocket(accepted, pool.budget(slabsMax), { receive }) };
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
  const held: Slab[] = [];
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
  const answer = Buffer.alloc(slabBytes);
  let received = 0;
  let write: (() => void) | undefined;
  const { client, socket } = await pair(4, (chunk) => {
    received += chunk.length;
    write?.();
  });
  write = () => socket.write(answer);
  client.pause();
  const sent = 16 * slabBytes;
  const question = Buffer.alloc(1024);
  for (let count = 0; count < sent / question.length; count++) client.write(question);
  client.end();
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(socket.writableLength).toBeLessThan(16 * slabBytes);
  expect(received).toBeLessThan(sent);
  client.resume();
  await once(socket, "end");
  expect(received).toBe(sent);
  socket.destroy();
  client.destroy();
});
