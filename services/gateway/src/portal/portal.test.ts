/** Several portals, of both families and in groups of their own, and addresses that cannot be had. */
import { once } from "node:events";
import net from "node:net";
import { networkInterfaces } from "node:os";
import { discover, openSession } from "@reelhouse/testing";
import { afterEach, expect, test } from "vitest";
import { openOfflineGateway } from "../testing/offline-gateway.ts";
import type { OfflineGateway } from "../testing/offline-gateway.ts";
import { listenAll } from "./listen-all.ts";

let offline: OfflineGateway | undefined;
afterEach(async () => {
  await offline?.close();
  offline = undefined;
});

const hasIPv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === "::1"),
);

test("two portals in two groups → discovery names both, the same initiator port has a session in each", async () => {
  const second = hasIPv6 ? "[::1]:0@2" : "127.0.0.2:0@2";
  offline = await openOfflineGateway({ iscsiListen: `127.0.0.1:0,${second}` });
  const { addresses } = offline.gateway.frontEnd.portals;
  const [first, other] = addresses;
  if (first === undefined || other === undefined) throw new Error("two portals are open");
  for (const each of addresses) {
    const [found] = await discover({ portal: each });
    const shown = [
      `${first.host}:${first.port},1`,
      `${other.host.includes(":") ? `[${other.host}]` : other.host}:${other.port},2`,
    ];
    expect(found?.addresses).toEqual(shown);
  }
  const targetName = offline.gateway.targetNames[1] ?? "";
  const isid = Uint8Array.of(0x80, 1, 2, 3, 4, 5);
  const sessions = await Promise.all(
    addresses.map((each) => openSession({ portal: each, targetName, isid })),
  );
  expect(sessions.map(({ login }) => login.answers.get("TargetPortalGroupTag"))).toEqual([
    "1",
    "2",
  ]);
  expect(sessions.map(({ transport }) => transport.error)).toEqual([undefined, undefined]);
  for (const [index, session] of sessions.entries()) {
    const { data } = await session.command(Uint8Array.of(0x12, 1, 0x83, 0, 255), {
      dataInLength: 255,
    });
    // The port by which this nexus came: relative target port, and name.
    expect(data.toString("hex")).toContain(`519400040000000${index + 1}`);
    expect(data.toString("latin1")).toContain(`${targetName},t,0x000${index + 1}\0`);
  }
  const listed = offline.gateway.frontEnd.sessions.list();
  expect(new Set(listed.map(({ portalGroupTag }) => portalGroupTag))).toEqual(new Set([1, 2]));
  await Promise.all(sessions.map((session) => session.logout()));
});

const portal = (port: number) => ({ host: "127.0.0.1", port, portalGroupTag: 1 });

test("two addresses that are taken → both named with the setting, and none is kept", async () => {
  const taken = await Promise.all(
    [1, 2].map(async () => {
      const server = net.createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      const address = server.address();
      return { server, port: typeof address === "object" ? (address?.port ?? 0) : 0 };
    }),
  );
  const wanted = [portal(0), ...taken.map(({ port }) => portal(port))];
  const ports = taken.map(
    ({ port }) => `REELHOUSE_ISCSI_LISTEN: cannot listen on 127.0.0.1:${port}`,
  );
  await expect(
    listenAll(
      wanted,
      () => undefined,
      () => undefined,
    ),
  ).rejects.toThrow(new RegExp(ports.join("[^]*")));
  for (const { server } of taken) server.close();
});
