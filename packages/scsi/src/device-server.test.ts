/** What every command passes: operation codes, reserved bits, unit attentions, deferred errors, reservations. */
import { expect, test } from "vitest";
import { newTapeDrive } from "./ssc/new-tape-drive.ts";
import { testChanger } from "./testing-changer.ts";
import { Initiator, loadedDrive, pattern, testIdentity } from "./testing-initiator.ts";
import { FakeMedium } from "./testing-medium.ts";

test.each([
  ["unknown operation code", "d7", "invalidOperationCode, cdb 0"],
  ["READ CAPACITY(10)", "25", "invalidOperationCode, cdb 0"],
  ["reserved byte", "00 00 00 01 00 00", "invalidFieldInCdb, cdb 3 bit 0"],
  ["highest reserved bit of a byte", "01 a0 00 00 00 00", "invalidFieldInCdb, cdb 1 bit 7"],
  ["NACA", "00 00 00 00 00 04", "invalidFieldInCdb, cdb 5 bit 2"],
  ["obsolete link bit", "00 00 00 00 00 01", "invalidFieldInCdb, cdb 5 bit 0"],
  ["bytes after the CDB's length", "00 00 00 00 00 00 ff ff", "GOOD"],
])("%s → %s: %s", async (_condition, cdb, told) => {
  const { host } = await loadedDrive();
  expect(await host.tell(cdb)).toBe(told);
});

test("LUN in bits 7 to 5 of byte 1 → not looked at by the changer, refused by the drive", async () => {
  const { host: changerHost } = await testChanger();
  expect(await changerHost.tell("b8 72 4e 20 00 05 00 00 04 00 00 00")).toBe("GOOD");
  const { host } = await loadedDrive();
  expect(await host.tell("00 60 00 00 00 00")).toBe("invalidFieldInCdb, cdb 1 bit 6");
});

test("new nexus → POWER ON once, INQUIRY and REPORT LUNS before it", async () => {
  const host = new Initiator(newTapeDrive(testIdentity).logicalUnit);
  expect(await host.tell("12 00 00 00 60 00")).toBe("GOOD");
  expect(await host.tell("a0 00 00 00 00 00 00 00 00 10 00 00")).toBe("GOOD");
  expect(await host.tell("00")).toBe("powerOn");
  expect(await host.tell("00")).toBe("mediumNotPresent");
});

test("initiator port that comes back → I_T NEXUS LOSS instead of POWER ON", async () => {
  const { drive, host } = await loadedDrive();
  await drive.logicalUnit.nexusLost(host.nexus);
  const again = new Initiator(drive.logicalUnit, host.nexus.initiatorPortName);
  expect(await again.tell("00")).toBe("nexusLoss");
  expect(await again.tell("00")).toBe("GOOD");
});

test("faulty CDB → told before the unit attention, which stays", async () => {
  const host = new Initiator(newTapeDrive(testIdentity).logicalUnit);
  expect(await host.tell("d7")).toBe("invalidOperationCode, cdb 0");
  expect(await host.tell("00")).toBe("powerOn");
});

test("cartridge changed → every nexus hears NOT READY TO READY CHANGE once, however often", async () => {
  const { drive, host, other } = await loadedDrive();
  for (const barcode of ["RHS002L8", "RHS003L8"]) {
    await drive.eject();
    await drive.load(new FakeMedium({ barcode }));
  }
  for (const each of [host, other]) {
    expect(await each.tell("00")).toBe("notReadyToReadyChange");
    expect(await each.tell("00")).toBe("GOOD");
  }
});

test("reset with an attention pending → the reset first; a second reset adds nothing", async () => {
  const { drive, host } = await loadedDrive();
  await drive.eject();
  await drive.load(new FakeMedium());
  await drive.logicalUnit.reset();
  await drive.logicalUnit.reset();
  expect(await host.tell("00")).toBe("busDeviceReset");
  expect(await host.tell("00")).toBe("notReadyToReadyChange");
  expect(await host.tell("00")).toBe("GOOD");
});

test("deferred write error → the writer hears it with response code 71h, nobody else, once", async () => {
  const { drive, host, other } = await loadedDrive();
  await host.tell("0a 00 00 00 04 00", pattern(4));
  drive.deferWriteError();
  expect(await other.tell("00")).toBe("GOOD");
  expect(await host.tell("00")).toBe("deferred writeError");
  expect(await host.tell("00")).toBe("GOOD");
});

test("deferred write error of a nexus that is gone → the next one hears it", async () => {
  const { drive, host, other } = await loadedDrive();
  await host.tell("0a 00 00 00 04 00", pattern(4));
  drive.deferWriteError();
  await drive.logicalUnit.nexusLost(host.nexus);
  expect(await other.tell("00")).toBe("deferred writeError");
});

test("reservation → conflict for others but INQUIRY, REQUEST SENSE, REPORT LUNS; RELEASE by others has no effect", async () => {
  const { host, other } = await loadedDrive();
  expect(await host.tell("16 00 00 00 00 00")).toBe("GOOD");
  expect(await other.tell("00")).toBe("RESERVATION CONFLICT");
  expect(await other.tell("16 00 00 00 00 00")).toBe("RESERVATION CONFLICT");
  expect(await other.tell("12 00 00 00 60 00")).toBe("GOOD");
  expect(await other.tell("03 00 00 00 12 00")).toBe("GOOD");
  expect(await other.tell("17 00 00 00 00 00")).toBe("GOOD");
  expect(await other.tell("00")).toBe("RESERVATION CONFLICT");
  expect(await host.tell("00")).toBe("GOOD");
  expect(await host.tell("17 00 00 00 00 00")).toBe("GOOD");
  expect(await other.tell("00")).toBe("GOOD");
});

test("nexus lost → its reservation and its prevention end", async () => {
  const { drive, host, other } = await loadedDrive();
  await host.tell("16 00 00 00 00 00");
  await host.tell("1e 00 00 00 01 00");
  expect(drive.preventsRemoval).toBe(true);
  await drive.logicalUnit.nexusLost(host.nexus);
  expect(drive.preventsRemoval).toBe(false);
  expect(await other.tell("00")).toBe("GOOD");
});
