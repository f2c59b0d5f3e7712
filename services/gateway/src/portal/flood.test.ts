/** Hosts that connect and connect, from one address and from many: who behaves goes on working, and gets in. */
import net from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Tape } from "@reelhouse/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openOfflineGateway } from "../testing/offline-gateway.ts";
import type { OfflineGateway } from "../testing/offline-gateway.ts";
import { defaultPortalLimits } from "./portal-limits.ts";

// Most of it is waiting; beside other tests on a small machine more so.
vi.setConfig({ testTimeout: 60_000 });

/** Of the 10,000 that a hostile host may make, what a CI machine bears in seconds; the limits bite at a few hundred. */
const connectionCount = 2000;

let offline: OfflineGateway;
let hostile: net.Socket[];
beforeEach(async () => {
  offline = await openOfflineGateway();
  hostile = [];
});
afterEach(async () => {
  for (const socket of hostile) socket.destroy();
  await offline.close();
});

/** Connects, says what is given and nothing more. */
const connectFrom = (localAddress: string, said?: Uint8Array): void => {
  const { host, port } = offline.gateway.portalAddress;
  const socket = net.connect({ host, port, localAddress });
  socket.on("error", () => undefined);
  if (said !== undefined) socket.once("connect", () => socket.write(said));
  hostile.push(socket);
};

async function slowestMs(work: () => Promise<unknown>, count: number): Promise<number> {
  let slowest = 0;
  for (let round = 0; round < count; round++) {
    const begunMs = performance.now();
    await work();
    slowest = Math.max(slowest, performance.now() - begunMs);
    await delay(1);
  }
  return slowest;
}

const writeAndRead = async (tape: Tape): Promise<void> => {
  await tape.write(Buffer.alloc(65_536, 7));
  await tape.space("blocks", -1);
  await tape.read(65_536);
};

test(`${connectionCount} connections from one address that say nothing → few are kept, sessions work on, others log in`, async () => {
  await (await offline.changer()).load("RHS001L8");
  const tape = await offline.drive(1);
  for (let count = 0; count < connectionCount; count++) connectFrom("127.0.0.2");
  const slowest = await slowestMs(() => writeAndRead(tape), 50);
  expect(slowest).toBeLessThan(2000);
  const { portals } = offline.gateway.frontEnd;
  expect(portals.halfOpenCount).toBeLessThanOrEqual(defaultPortalLimits.halfOpenPerAddressMax);
  const other = await offline.drive(2);
  expect(other.session.transport.error).toBeUndefined();
});

test("as many from 250 addresses, each with half a login → a host of another address still logs in, again and again", async () => {
  const half = Buffer.alloc(30, 0x43);
  for (let count = 0; count < connectionCount; count++)
    connectFrom(`127.1.0.${1 + (count % 250)}`, half);
  await delay(100);
  for (let round = 0; round < 10; round++) {
    const { session } = await offline.drive(1);
    await session.logout();
  }
  const { portals } = offline.gateway.frontEnd;
  expect(portals.halfOpenCount).toBeLessThanOrEqual(defaultPortalLimits.halfOpenMax);
  expect(portals.halfOpenCount).toBeGreaterThan(100);
});

test("a host with 60 sessions that comes back to all of them four times in a row → is never refused", async () => {
  for (let round = 0; round < 4; round++) {
    const tapes = await Promise.all([
      ...Array.from({ length: 30 }, () => offline.drive(1)),
      ...Array.from({ length: 30 }, () => offline.drive(2)),
    ]);
    expect(tapes.every(({ session }) => session.transport.error === undefined)).toBe(true);
    await Promise.all(tapes.map(({ session }) => session.logout()));
  }
});
