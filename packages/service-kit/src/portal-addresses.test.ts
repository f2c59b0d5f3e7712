import { expect, test } from "vitest";
import { formatPortals, portalAddresses } from "./settings.ts";

test.each([
  ["127.0.0.1:3260", [["127.0.0.1", 3260, 1]]],
  [
    "192.0.2.1:3260, [2001:db8::1]:3260,0.0.0.0:0@2",
    [
      ["192.0.2.1", 3260, 1],
      ["2001:db8::1", 3260, 1],
      ["0.0.0.0", 0, 2],
    ],
  ],
])("%s → its addresses, and back again", (text, wanted) => {
  const portals = portalAddresses.parse(text);
  expect(portals.map(({ host, port, portalGroupTag }) => [host, port, portalGroupTag])).toEqual(
    wanted,
  );
  expect(formatPortals(portals)).toBe(text.replaceAll(" ", ""));
});

test.each([
  "",
  ",",
  "127.0.0.1",
  "127.0.0.1:3260,",
  "127.0.0.1:3260@",
  "127.0.0.1:3260@0",
  "127.0.0.1:3260@65536",
  "127.0.0.1:65536",
  "2001:db8::1:3260",
  Array.from({ length: 17 }, (_, index) => `127.0.0.1:${index}`).join(","),
])("%j → no list of portals", (text) =>
  expect(portalAddresses.safeParse(text).success).toBe(false),
);
