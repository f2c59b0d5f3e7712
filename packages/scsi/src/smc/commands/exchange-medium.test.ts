/** EXCHANGE MEDIUM (SMC-3 6.2). */
import { expect, test } from "vitest";
import { testChanger } from "../../testing-changer.ts";

const exchange = (source: string, first: string, second: string, inv = "00") =>
  `a6 00 00 00 ${source} ${first} ${second} ${inv} 00`;

test("two cartridges change places → by way of the transport", async () => {
  const { host, robot } = await testChanger();
  expect(await host.tell(exchange("4e 20", "4e 21", "4e 20"))).toBe("GOOD");
  expect([robot.cartridges.get(20_000), robot.cartridges.get(20_001)]).toEqual([
    "RHS002L8",
    "RHS001L8",
  ]);
  expect(robot.moves).toEqual(["20001 to 0", "20000 to 20001", "0 to 20000"]);
});

test("second destination elsewhere → first there, then the source", async () => {
  const { host, robot } = await testChanger();
  expect(await host.tell(exchange("4e 20", "4e 21", "4e 23"))).toBe("GOOD");
  expect(robot.cartridges).toEqual(
    new Map([
      [20_003, "RHS002L8"],
      [20_001, "RHS001L8"],
    ]),
  );
});

test("a later move refused → the moves before it undone, the refusal told", async () => {
  const { host, robot } = await testChanger();
  const before = new Map(robot.cartridges);
  robot.refusals.set(2, "medium removal prevented");
  expect(await host.tell(exchange("4e 20", "4e 21", "4e 20"))).toBe(
    "removalPreventedByDataTransferElement",
  );
  expect(robot.cartridges).toEqual(before);
});

test.each([
  ["second destination full", exchange("4e 20", "4e 21", "4e 22"), "destinationElementFull"],
  ["source empty", exchange("4e 24", "4e 21", "4e 23"), "sourceElementEmpty"],
  ["first destination empty", exchange("4e 20", "4e 24", "4e 23"), "sourceElementEmpty"],
  [
    "source is the first destination",
    exchange("4e 20", "4e 20", "4e 23"),
    "invalidFieldInCdb, cdb 6 bit 7",
  ],
  [
    "no such second destination",
    exchange("4e 20", "4e 21", "ff f0"),
    "invalidElementAddress, cdb 8",
  ],
  ["INV1", exchange("4e 20", "4e 21", "4e 23", "02"), "invalidFieldInCdb, cdb 10 bit 1"],
  ["INV2", exchange("4e 20", "4e 21", "4e 23", "01"), "invalidFieldInCdb, cdb 10 bit 0"],
])("%s → %s: %s", async (_condition, cdb, told) => {
  const { host, robot } = await testChanger();
  robot.cartridges.set(20_002, "RHS003L8");
  expect(await host.tell(cdb)).toBe(told);
});
