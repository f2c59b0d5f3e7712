import type { SessionInfo } from "@reelhouse/iscsi";
import { expect, test } from "vitest";
import { createRecentInitiators, initiatorsMax } from "./recent-initiators.ts";

const targetName = "iqn.2026-11.io.reelhouse:gw1-tapedrive-01";
const session = (initiatorName: string, over: Partial<SessionInfo> = {}): SessionInfo => ({
  initiatorName,
  initiatorAlias: undefined,
  isid: "80000000000a",
  cid: 0,
  tsih: 1,
  sessionType: "Normal",
  targetName,
  portalGroupTag: 1,
  chapName: undefined,
  remoteAddress: "192.0.2.1:40000",
  source: "192.0.2.1",
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- not looked at
  parameters: {} as SessionInfo["parameters"],
  ...over,
});

test("logins → counted by initiator, with time, place and target of the last, last login first", () => {
  let seconds = 0;
  const initiators = createRecentInitiators(() => new Date((seconds += 1) * 1000));
  initiators.sessionStarted(session("iqn.2026-11.a:one"));
  initiators.sessionStarted(session("iqn.2026-11.a:two"));
  initiators.sessionStarted(
    session("iqn.2026-11.a:one", {
      sessionType: "Discovery",
      targetName: undefined,
      initiatorAlias: "backup",
      remoteAddress: "[2001:db8::1]:50000",
    }),
  );
  expect(initiators.list()).toEqual([
    {
      initiatorName: "iqn.2026-11.a:one",
      initiatorAlias: "backup",
      logins: 2,
      lastLoginAt: "1970-01-01T00:00:03.000Z",
      lastAddress: "[2001:db8::1]:50000",
      lastTargetName: null,
    },
    expect.objectContaining({ initiatorName: "iqn.2026-11.a:two", lastTargetName: targetName }),
  ]);
});

test("more names than are kept → the one that logged in longest ago is forgotten", () => {
  const initiators = createRecentInitiators(() => new Date(0));
  for (let name = 0; name < initiatorsMax; name += 1)
    initiators.sessionStarted(session(`iqn.2026-11.a:${name}`));
  initiators.sessionStarted(session("iqn.2026-11.a:0"));
  initiators.sessionStarted(session("iqn.2026-11.a:new"));
  const names = initiators.list().map(({ initiatorName }) => initiatorName);
  expect(names.length).toBe(initiatorsMax);
  expect(names.slice(0, 2)).toEqual(["iqn.2026-11.a:new", "iqn.2026-11.a:0"]);
  expect(names).not.toContain("iqn.2026-11.a:1");
});
