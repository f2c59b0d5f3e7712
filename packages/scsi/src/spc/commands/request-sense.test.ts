/** REQUEST SENSE, REPORT LUNS, PREVENT ALLOW MEDIUM REMOVAL (SPC-5 6.39, 6.33, 6.16). */
import { expect, test } from "vitest";
import { newTapeDrive } from "../../ssc/new-tape-drive.ts";
import { Initiator, decodeSense, hex, loadedDrive, testIdentity } from "../../testing-initiator.ts";

test("pending unit attention → given as data and cleared, then NO SENSE", async () => {
  const host = new Initiator(newTapeDrive(testIdentity).logicalUnit);
  expect(decodeSense((await host.send("03 00 00 00 12 00")).data).outcome).toBe("powerOn");
  expect(decodeSense((await host.send("03 00 00 00 12 00")).data).outcome).toBe("noSense");
  expect(await host.tell("00")).toBe("mediumNotPresent");
});

test("deferred error → given as data with response code 71h", async () => {
  const { host, drive } = await loadedDrive();
  drive.deferWriteError();
  const sense = decodeSense((await host.send("03 00 00 00 12 00")).data);
  expect(sense).toMatchObject({ outcome: "writeError", deferred: true });
  expect(await host.tell("00")).toBe("GOOD");
});

test("DESC → descriptor format", async () => {
  const host = new Initiator(newTapeDrive(testIdentity).logicalUnit);
  expect(hex((await host.send("03 01 00 00 12 00")).data)).toBe("7206290000000000");
  expect(hex((await host.send("03 01 00 00 12 00")).data)).toBe("7200000000000000");
});

test("REPORT LUNS → clears REPORTED LUNS DATA HAS CHANGED, and nothing else", async () => {
  const { host, drive } = await loadedDrive();
  drive.attentions.establishForAll("reportedLunsDataChanged");
  drive.attentions.establishForAll("inquiryDataChanged");
  await host.send("a0 00 00 00 00 00 00 00 00 10 00 00");
  expect(await host.tell("00")).toBe("inquiryDataChanged");
  expect(await host.tell("00")).toBe("GOOD");
});

test.each([
  ["all", "a0 00 00 00 00 00 00 00 00 10 00 00", "00000008000000000000000000000000"],
  ["well known only", "a0 00 01 00 00 00 00 00 00 10 00 00", "0000000000000000"],
])("REPORT LUNS, %s → the list", async (_condition, cdb, expected) => {
  const { host } = await loadedDrive();
  expect(hex((await host.send(cdb)).data)).toBe(expected);
});

test.each([
  [
    "REPORT LUNS, allocation length below 16",
    "a0 00 00 00 00 00 00 00 00 0f 00 00",
    "invalidFieldInCdb, cdb 6 bit 7",
  ],
  [
    "REPORT LUNS, select report 3",
    "a0 00 03 00 00 00 00 00 00 ff 00 00",
    "invalidFieldInCdb, cdb 2 bit 7",
  ],
  ["PREVENT ALLOW, obsolete value 2", "1e 00 00 00 02 00", "invalidFieldInCdb, cdb 4 bit 1"],
])("%s → %s: %s", async (_condition, cdb, told) => {
  const { host } = await loadedDrive();
  expect(await host.tell(cdb)).toBe(told);
});
