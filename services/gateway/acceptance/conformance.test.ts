/** The conformance suite against a gateway of its own. What our target may lack stands here; anything else that lacks is a failure. */
import assert from "node:assert/strict";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openControlApi } from "../src/testing/control-api.ts";
import { openOfflineGateway, type OfflineGateway } from "../src/testing/offline-gateway.ts";
import { Bench } from "./bench.ts";
import { checkGroups } from "./check-groups.ts";
import { runCheck } from "./suite.ts";

const MIB = 1024 * 1024;
const SMALL = "SMALL1L8";
/** Filled several times over: no more than early warning of a quarter and another zone before it need. */
const SMALL_BYTES = 32 * MIB;
const WORM = "WORM01LY";
/** Beyond 32 bits, and still a matter of seconds; run.ts goes to 2^40 when asked. */
const OBJECTS = 2n ** 33n;

let offline: OfflineGateway;
let bench: Bench;

/** One initiator a target is the default; the checks need two. */
const letSeveralIn = async ({ gateway }: OfflineGateway): Promise<void> => {
  const control = await openControlApi(gateway);
  for (const targetName of gateway.targetNames) {
    const url = `/control/v1/iscsi/targets/${encodeURIComponent(targetName)}/access`;
    const { status } = await control.ask("PUT", url, { severalInitiators: true });
    assert.equal(status, 200);
  }
};

beforeAll(async () => {
  offline = await openOfflineGateway({ librarySlots: "8" });
  await letSeveralIn(offline);
  const make = { element: "storage", pool: null } as const;
  const { cartridges, portalAddress, targetNames } = offline.gateway;
  await cartridges.create({ ...make, barcode: SMALL, capacityBytes: SMALL_BYTES, worm: false });
  await cartridges.create({ ...make, barcode: WORM, capacityBytes: 1024 * MIB, worm: true });
  bench = new Bench({
    portal: portalAddress,
    driveTarget: targetNames[1] ?? "",
    driveLun: 0,
    changerTarget: targetNames[0],
    changerLun: 0,
    scratch: "RHS001L8",
    small: SMALL,
    worm: WORM,
    objects: OBJECTS,
    only: undefined,
  });
});
afterAll(async () => {
  await bench.close();
  await offline.close();
});

describe.each(checkGroups)("$name", ({ name, checks }) => {
  test.each(checks)("$name [$clause]", async (check) => {
    const { verdict, reason } = await runCheck(bench, name, check);
    expect({ verdict, reason }).toEqual({ verdict: "PASS", reason: undefined });
  });
});
