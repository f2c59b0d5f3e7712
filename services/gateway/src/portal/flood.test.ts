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
const connectFrom = (localAddress: string, said?: Uint8Array): net.Socket => {
  const { host, port } = offline.gateway.portalAddress;
  const socket = net.connect({ host, port, localAddress, allowHalfOpen: true });
  socket.on("error", () => undefined);
  if (said !== undefined) socket.once("connect", () => socket.write(said));
  hostile.push(socket);
  return socket;
};

const waitFor = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await delay(5);
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

test("strangers from 300 addresses whose login was refused, and who stay → few are kept, a host logs in", async () => {
  const bad = Buffer.alloc(48, 0x55);
  // No additional header segment: the length of the data is what breaks it.
  bad[4] = 0;
  const remaining = new Set<net.Socket>();
  for (let count = 0; count < 900; count++) {
    const socket = connectFrom(`127.2.${count % 3}.${1 + (count % 100)}`, bad);
    // Its side stays open: it does not answer our FIN.
    socket.once("connect", () => remaining.add(socket));
  }
  await waitFor(() => remaining.size > 800);
  const { session } = await offline.drive(1);
  expect(session.transport.error).toBeUndefined();
  const { portals } = offline.gateway.frontEnd;
  expect(portals.connectionCount).toBeLessThanOrEqual(defaultPortalLimits.halfOpenMax + 1);
});

/** A PDU for immediate delivery with text for its data. */
const pdu = (opcode: number, text: string): Buffer => {
  const data = Buffer.alloc(Math.ceil(text.length / 4) * 4);
  data.write(text);
  const header = Buffer.alloc(48);
  header[0] = 0x40 | opcode;
  header[1] = 0x80;
  header.writeUIntBE(text.length, 5, 3);
  header.writeUInt32BE(1, 16);
  header.writeUInt32BE(0xffff_ffff, 20);
  return Buffer.concat([header, data]);
};

/** A login whole in one PDU. */
const discoveryLogin = (port: number): Buffer => {
  const login = pdu(0x03, "InitiatorName=iqn.2026-11.org.example:x\0SessionType=Discovery\0");
  login[1] = 0x87;
  // An ISID of its own, so that none takes another's place.
  login[13] = port;
  return login;
};

test("pings and lists of targets by the thousand from hosts that read nothing → a session hardly feels it, memory stays", async () => {
  await (await offline.changer()).load("RHS001L8");
  const tape = await offline.drive(1);
  const flood = Buffer.concat(
    Array.from({ length: 20_000 }, (_, index) =>
      index % 2 === 0 ? pdu(0x00, "") : pdu(0x04, "SendTargets=All\0"),
    ),
  );
  const begunBytes = process.memoryUsage.rss();
  for (let count = 0; count < 20; count++) {
    const socket = connectFrom("127.0.0.3", discoveryLogin(count));
    socket.pause();
    socket.once("connect", () => {
      const again = (): boolean => socket.write(flood, () => setImmediate(again));
      again();
    });
  }
  const slowest = await slowestMs(() => writeAndRead(tape), 40);
  expect(slowest).toBeLessThan(2000);
  expect(offline.gateway.frontEnd.sessions.list().length).toBeGreaterThan(10);
  expect(process.memoryUsage.rss() - begunBytes).toBeLessThan(600 * 2 ** 20);
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
