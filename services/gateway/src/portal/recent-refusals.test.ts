import { expect, test } from "vitest";
import { createRecentRefusals, refusalsMax, refusalsPerSourceMax } from "./recent-refusals.ts";

const clock = () => {
  let seconds = 0;
  return () => new Date((seconds += 1) * 1000);
};
const refused = (remoteAddress: string, initiatorName = "iqn.2026-11.a:b") => ({
  remoteAddress,
  initiatorName: initiatorName === "" ? undefined : initiatorName,
  targetName: "iqn.2026-11.io.reelhouse:gw1-tapedrive-01",
  status: "AUTHENTICATION FAILURE" as const,
  detail: "the initiator's proof is wrong",
});

test("the same again from one host, whatever its port → one entry with a count, the newest first", () => {
  const refusals = createRecentRefusals(clock());
  refusals.loginRefused(refused("192.0.2.1:40000"));
  refusals.loginRefused(refused("192.0.2.2:40000", ""));
  refusals.loginRefused(refused("192.0.2.1:40001"));
  refusals.connectionRefused("192.0.2.3", "refusedLogins");
  expect(refusals.list()).toEqual([
    {
      kind: "connection",
      remoteAddress: "192.0.2.3",
      initiatorName: null,
      targetName: null,
      status: "refusedLogins",
      reason: "too many of its logins were refused",
      count: 1,
      firstAt: "1970-01-01T00:00:04.000Z",
      lastAt: "1970-01-01T00:00:04.000Z",
    },
    {
      kind: "login",
      remoteAddress: "192.0.2.1:40001",
      initiatorName: "iqn.2026-11.a:b",
      targetName: "iqn.2026-11.io.reelhouse:gw1-tapedrive-01",
      status: "AUTHENTICATION FAILURE",
      reason: "the initiator's proof is wrong",
      count: 2,
      firstAt: "1970-01-01T00:00:01.000Z",
      lastAt: "1970-01-01T00:00:03.000Z",
    },
    expect.objectContaining({ remoteAddress: "192.0.2.2:40000", initiatorName: null, count: 1 }),
  ]);
});

test("a source that tries many names → pushes out its own entries, others' stay", () => {
  const refusals = createRecentRefusals(clock());
  refusals.loginRefused(refused("192.0.2.9:1"));
  for (let name = 0; name < 1000; name += 1)
    refusals.loginRefused(refused("[2001:db8::1]:1", `iqn.2026-11.a:${name}`));
  const listed = refusals.list();
  expect(listed.length).toBe(1 + refusalsPerSourceMax);
  expect(listed[0]?.initiatorName).toBe("iqn.2026-11.a:999");
  expect(listed.at(-1)?.remoteAddress).toBe("192.0.2.9:1");
});

test("many sources, names of thousands of characters → entries and their length are bounded, connections push out no login", () => {
  const refusals = createRecentRefusals(clock());
  for (let host = 0; host < 1000; host += 1)
    refusals.loginRefused(refused(`10.0.${host >> 8}.${host & 255}:1`, "x".repeat(8000)));
  for (let host = 0; host < 1000; host += 1)
    refusals.connectionRefused(`10.1.${host >> 8}.${host & 255}`, "connectionRate");
  const listed = refusals.list();
  expect(listed.filter(({ kind }) => kind === "login").length).toBe(refusalsMax);
  expect(listed.filter(({ kind }) => kind === "connection").length).toBe(refusalsMax);
  expect(Math.max(...listed.map(({ initiatorName }) => initiatorName?.length ?? 0))).toBe(257);
});
