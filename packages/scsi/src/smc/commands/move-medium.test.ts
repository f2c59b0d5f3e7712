/** MOVE MEDIUM, POSITION TO ELEMENT, INITIALIZE ELEMENT STATUS (SMC-3 6.6, 6.8, 6.4, 6.5). */
import { expect, test } from "vitest";
import { testChanger } from "../../testing-changer.ts";

const move = (source: string, destination: string, transport = "00 00") =>
  `a5 00 ${transport} ${source} ${destination} 00 00 00 00`;

test("from a full slot to an empty drive → moved by the robot, GOOD without a promise", async () => {
  const { host, robot } = await testChanger();
  expect(host.execute(move("4e 20", "27 10"))).not.toBeInstanceOf(Promise);
  expect(robot.moves).toEqual(["20000 to 10000"]);
  expect(robot.cartridges.get(10_000)).toBe("RHS001L8");
});

test.each([
  ["source empty", move("4e 24", "27 10"), "sourceElementEmpty"],
  ["destination full", move("4e 20", "4e 21"), "destinationElementFull"],
  ["no such source", move("00 63", "27 10"), "invalidElementAddress, cdb 4"],
  ["no such destination", move("4e 20", "ff f0"), "invalidElementAddress, cdb 6"],
  ["transport as destination", move("4e 20", "00 00"), "invalidElementAddress, cdb 6"],
  ["no such transport", move("4e 20", "27 10", "00 09"), "invalidElementAddress, cdb 2"],
  ["same full place", move("4e 20", "4e 20"), "GOOD"],
  ["same empty place", move("4e 24", "4e 24"), "sourceElementEmpty"],
  ["INVERT", "a5 00 00 00 4e 20 27 10 00 00 01 00", "invalidFieldInCdb, cdb 10 bit 0"],
])("%s → %s: %s", async (_condition, cdb, told) => {
  const { host } = await testChanger();
  expect(await host.tell(cdb)).toBe(told);
});

test.each([
  ["medium removal prevented", "removalPreventedByDataTransferElement"],
  ["drive not unloaded", "removalPreventedByDataTransferElement"],
  ["unload failed", "unloadTapeFailure"],
  ["load failed", "mediaLoadOrEjectFailed"],
  ["drive not ready", "becomingReady"],
  ["fault", "mechanicalPositioningError"],
] as const)("robot refuses: %s → %s", async (reason, told) => {
  const { host, robot } = await testChanger();
  robot.refusals.set(1, reason);
  expect(await host.tell(move("4e 20", "27 10"))).toBe(told);
});

test.each([
  ["POSITION TO ELEMENT", "2b 00 00 00 4e 20 00 00 00 00", "GOOD"],
  [
    "POSITION TO ELEMENT, no such element",
    "2b 00 00 00 ff f0 00 00 00 00",
    "invalidElementAddress, cdb 4",
  ],
  [
    "POSITION TO ELEMENT, INVERT",
    "2b 00 00 00 4e 20 00 00 01 00",
    "invalidFieldInCdb, cdb 8 bit 0",
  ],
  ["INITIALIZE ELEMENT STATUS", "07 00 00 00 00 00", "GOOD"],
  ["INITIALIZE ELEMENT STATUS WITH RANGE", "37 01 4e 20 00 00 00 05 00 00", "GOOD"],
  ["TEST UNIT READY", "00 00 00 00 00 00", "GOOD"],
])("%s → %s: %s", async (_condition, cdb, told) => {
  const { host } = await testChanger();
  expect(await host.tell(cdb)).toBe(told);
});

test("operator opened an import/export element → every nexus hears it once", async () => {
  const { changer, host, other } = await testChanger();
  changer.importExportAccessed();
  changer.importExportAccessed();
  for (const each of [host, other]) {
    expect(await each.tell("00")).toBe("importExportAccessed");
    expect(await each.tell("00")).toBe("GOOD");
  }
});

test("inventory changed from outside → NOT READY TO READY CHANGE; removal prevented → shown", async () => {
  const { changer, host } = await testChanger();
  changer.inventoryChanged();
  expect(await host.tell("00")).toBe("notReadyToReadyChange");
  await host.tell("1e 00 00 00 01 00");
  expect(changer.preventsRemoval).toBe(true);
});
