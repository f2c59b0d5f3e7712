/** A changer over the fake robot, with two initiators that have heard of the power on. */
import assert from "node:assert/strict";
import type { Identity } from "./device.ts";
import { newMediumChanger } from "./smc/new-medium-changer.ts";
import { Initiator, testIdentity } from "./testing-initiator.ts";
import { FakeRobot } from "./testing-robot.ts";

export async function testChanger(model: Partial<Identity> = {}) {
  const robot = new FakeRobot();
  const identity = {
    ...testIdentity,
    vendor: "STK",
    product: "L700",
    serialNumber: "RHC1",
    ...model,
  };
  const changer = newMediumChanger(identity, robot);
  const host = new Initiator(changer.logicalUnit);
  const other = new Initiator(changer.logicalUnit, "iqn.2026-11.test:b,i,0x1");
  for (const each of [host, other]) assert.equal(await each.tell("00"), "powerOn");
  return { robot, changer, host, other };
}
