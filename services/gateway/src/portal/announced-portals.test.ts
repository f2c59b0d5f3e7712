import type { PortalAddress } from "@reelhouse/service-kit";
import { expect, test } from "vitest";
import { announcedPortals } from "./announced-portals.ts";

const portal = (host: string, port = 3260, portalGroupTag = 1): PortalAddress => ({
  host,
  port,
  portalGroupTag,
});
const shown = (
  portals: readonly [PortalAddress, ...PortalAddress[]],
  localHost: string,
  cameBy = 0,
  announced?: readonly PortalAddress[],
) =>
  announcedPortals({ localHost, portal: portals[cameBy] ?? portals[0] }, portals, announced).map(
    ({ address, portalGroupTag }) => `${address},${portalGroupTag}`,
  );

test("several addresses → all that can be reached from there, each with its group", () => {
  const portals = [
    portal("192.0.2.1"),
    portal("2001:db8::1"),
    portal("198.51.100.1", 3260, 2),
    portal("127.0.0.1"),
    portal("fe80::1"),
  ] as const;
  expect(shown(portals, "192.0.2.1")).toEqual([
    "192.0.2.1:3260,1",
    "[2001:db8::1]:3260,1",
    "198.51.100.1:3260,2",
  ]);
  expect(shown(portals, "127.0.0.1", 3)).toContain("127.0.0.1:3260,1");
});

test("a portal on all addresses → the one by which the initiator came, of its family", () => {
  expect(shown([portal("0.0.0.0")], "192.0.2.7")).toEqual(["192.0.2.7:3260,1"]);
  expect(shown([portal("::")], "::ffff:192.0.2.7")).toEqual(["192.0.2.7:3260,1"]);
  const both = [portal("0.0.0.0"), portal("::"), portal("0.0.0.0", 3261, 2)] as const;
  expect(shown(both, "192.0.2.7")).toEqual(["192.0.2.7:3260,1", "192.0.2.7:3261,2"]);
  expect(shown(both, "2001:db8::7", 1)).toEqual(["[2001:db8::7]:3260,1"]);
});

test("what the operator announces → that alone", () => {
  const announced = [portal("203.0.113.1", 13_260), portal("203.0.113.2", 3260, 2)];
  expect(shown([portal("0.0.0.0")], "172.18.0.2", 0, announced)).toEqual([
    "203.0.113.1:13260,1",
    "203.0.113.2:3260,2",
  ]);
});
