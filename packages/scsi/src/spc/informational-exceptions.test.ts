/** TapeAlert flags by the Informational Exceptions Control mode page, 1Ch. */
import { expect, test } from "vitest";
import { decodeSense, loadedDrive } from "../testing-initiator.ts";

/** A failed write raises flag 6; before it, MODE SELECT of page 1Ch with these two bytes. */
async function failedAfter(flags: number, method: number) {
  const bench = await loadedDrive();
  const { host, other, medium } = bench;
  const page = Uint8Array.of(0, 0, 0x10, 0, 0x1c, 10, flags, method, 0, 0, 0, 0, 0, 0, 0, 0);
  const told = await host.tell("15 10 00 00 10 00", page);
  await other.tell("00");
  medium.faults.set("writeBlocks", "write");
  await host.tell("0a 00 00 00 01 00", Uint8Array.of(1));
  const requested = async () => decodeSense((await host.send("03 00 00 00 12 00")).data).outcome;
  return { ...bench, told, requested };
}

test("MRIE 2 → every nexus hears of it by unit attention, once", async () => {
  const { told, host, other } = await failedAfter(0x00, 0x02);
  expect(told).toBe("GOOD");
  for (const each of [host, other]) {
    expect(await each.tell("00")).toBe("failurePredicted");
    expect(await each.tell("00")).toBe("GOOD");
  }
});

test("MRIE 6 → REQUEST SENSE tells it until the flag is cleared, no command does", async () => {
  const { host, requested } = await failedAfter(0x00, 0x06);
  expect(await host.tell("00")).toBe("GOOD");
  expect([await requested(), await requested()]).toEqual([
    "failurePredictedOnRequest",
    "failurePredictedOnRequest",
  ]);
  await host.tell("4c 02 2e 00 00 00 00 00 00 00");
  expect(await requested()).toBe("noSense");
});

test.each([
  ["DEXCPT", 0x08, 0x02],
  ["DEXCPT", 0x08, 0x06],
  ["MRIE 0", 0x00, 0x00],
])("%s → nothing besides the log page", async (_condition, flags, method) => {
  const { told, host, requested } = await failedAfter(flags, method);
  expect(told).toBe("GOOD");
  expect(await host.tell("00")).toBe("GOOD");
  expect(await requested()).toBe("noSense");
});

test.each([
  ["MRIE 4, which would spoil good answers", 0x00, 0x04, "data 7 bit 3"],
  ["TEST", 0x04, 0x00, "data 6 bit 2"],
  ["PERF", 0x80, 0x00, "data 6 bit 7"],
])("%s → INVALID FIELD IN PARAMETER LIST", async (_condition, flags, method, at) => {
  const { told } = await failedAfter(flags, method);
  expect(told).toBe(`invalidFieldInParameterList, ${at}`);
});
