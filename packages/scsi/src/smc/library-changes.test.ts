/** What the changer's hosts hear when the library is changed while it runs, and what an empty drive bay looks like. */
import { expect, test } from "vitest";
import { testIdentity } from "../testing-initiator.ts";
import { testChanger } from "../testing-changer.ts";

test("more elements → 2A/01 for every nexus, then page 1Dh says them", async () => {
  const { changer, robot, host, other } = await testChanger();
  robot.ranges = { ...robot.ranges, storage: { firstAddress: 20_000, count: 9 } };
  changer.elementsChanged();
  for (const each of [host, other]) expect(await each.tell("00")).toBe("modeParametersChanged");
  const { data } = await host.send("1a 08 1d 00 ff 00");
  expect(Buffer.from(data).readUInt16BE(4 + 2 + 6)).toBe(9);
});

test("a drive in, a drive out → 3B/1B and 3B/1A, in that order", async () => {
  const { changer, host } = await testChanger();
  changer.driveChanged("inserted");
  changer.driveChanged("removed");
  expect(await host.tell("00")).toBe("dataTransferElementInserted");
  expect(await host.tell("00")).toBe("dataTransferElementRemoved");
  expect(await host.tell("00")).toBe("GOOD");
});

test("another make → 3F/03, then its INQUIRY data with what it adds", async () => {
  const { changer, host } = await testChanger();
  changer.become({ ...testIdentity, vendor: "IBM", product: "3573-TL", revision: "C.20" });
  expect(await host.tell("00")).toBe("inquiryDataChanged");
  const { data } = await host.send("12 00 00 00 60 00");
  expect(Buffer.from(data).toString("latin1", 8, 36)).toBe("IBM     3573-TL         C.20");
  expect(Buffer.from(data).toString("latin1", 38, 50)).toBe(testIdentity.serialNumber);
});

test("an element whose drive was taken out → EXCEPT with 3B/1A and no ACCESS, and moves there are refused", async () => {
  const { host, robot } = await testChanger();
  robot.withoutDrive.add(10_001);
  const { data } = await host.send("b8 04 27 11 00 01 00 00 ff ff 00 00");
  expect([...data.subarray(16, 22)]).toEqual([0x27, 0x11, 0x04, 0, 0x3b, 0x1a]);
  expect(await host.tell("a5 00 00 00 4e 20 27 11 00 00 00 00")).toBe("noDataTransferElement");
  expect(robot.moves).toEqual([]);
});
