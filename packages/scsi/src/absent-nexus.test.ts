/** What is kept for a nexus whose connection broke (`nexusSuspended`), beside what others do meanwhile. */
import { expect, test } from "vitest";
import { testChanger } from "./testing-changer.ts";
import { Initiator, loadedDrive } from "./testing-initiator.ts";
import { action, keyList, outCdb } from "./testing-reservations.ts";

const prevent = "1e 00 00 00 01 00";

test("a conflict with a nexus that is there → who is away and holds nothing is kept", async () => {
  const { drive, host, other } = await loadedDrive();
  const third = new Initiator(drive.logicalUnit, "iqn.2026-11.test:c,i,0x1");
  await third.tell("00");
  await host.tell(outCdb(action.register), keyList(0n, 1n));
  await host.tell(outCdb(action.reserve, 3), keyList(1n));
  await drive.logicalUnit.nexusSuspended(third.nexus);
  expect(await other.tell("00")).toBe("GOOD");
  expect(await other.tell("01 00 00 00 00 00")).toBe("RESERVATION CONFLICT");
  drive.logicalUnit.nexusReturned(third.nexus, false);
  expect(await third.tell("00")).toBe("GOOD");
});

test("eject of a cartridge that only an absent nexus holds → goes, and that nexus hears of its loss", async () => {
  const { drive, host } = await loadedDrive();
  expect(await host.tell(prevent)).toBe("GOOD");
  await drive.logicalUnit.nexusSuspended(host.nexus);
  expect(drive.preventsRemoval).toBe(false);
  expect((await drive.eject()).kind).toBe("ejected");
  drive.logicalUnit.nexusReturned(host.nexus, false);
  expect(await host.tell("00")).toBe("nexusLoss");
});

test("eject while another nexus prevents removal too → refused, and the absent one is kept", async () => {
  const { drive, host, other } = await loadedDrive();
  for (const each of [host, other]) expect(await each.tell(prevent)).toBe("GOOD");
  await drive.logicalUnit.nexusSuspended(host.nexus);
  expect(await drive.eject()).toEqual({ kind: "refused", reason: "medium removal prevented" });
  drive.logicalUnit.nexusReturned(host.nexus, false);
  expect(await host.tell("00")).toBe("GOOD");
});

const locateTo2 = "2b 00 00 00 00 00 02 00 00 00";

test.each([
  ["rewinds", ["01 00 00 00 00 00"]],
  ["writes, and goes back to where it found the tape", ["0a 00 00 00 04 00", locateTo2]],
  ["erases the rest", ["19 00 00 00 00 00"]],
  ["takes the tape off its reels and on again", ["1b 00 00 00 00 00", "1b 00 00 00 01 00"]],
] as const)("somebody %s while a nexus is away → it hears of its loss", async (_what, commands) => {
  const { drive, host, other } = await loadedDrive();
  const data = new Uint8Array(4);
  for (let count = 0; count < 3; count++) await host.tell("0a 00 00 00 04 00", data);
  expect(await host.tell(locateTo2)).toBe("GOOD");
  await drive.logicalUnit.nexusSuspended(host.nexus);
  for (const each of commands) await other.tell(each, each.startsWith("0a") ? data : undefined);
  drive.logicalUnit.nexusReturned(host.nexus, false);
  expect(await host.tell("00")).toBe("nexusLoss");
});

test("somebody only looks while a nexus is away → it goes on and hears of nothing", async () => {
  const { drive, host, other } = await loadedDrive();
  await host.tell("0a 00 00 00 04 00", new Uint8Array(4));
  await drive.logicalUnit.nexusSuspended(host.nexus);
  for (const each of ["00 00 00 00 00 00", "34 00 00 00 00 00 00 00 00 00", "12 00 00 00 60 00"])
    expect(await other.tell(each)).toBe("GOOD");
  drive.logicalUnit.nexusReturned(host.nexus, false);
  expect(await host.tell("00")).toBe("GOOD");
});

test("a nexus away from an empty drive, and a cartridge comes → it hears of that alone", async () => {
  const { drive, host, medium } = await loadedDrive();
  await drive.eject();
  await drive.logicalUnit.nexusSuspended(host.nexus);
  await drive.load(medium);
  drive.logicalUnit.nexusReturned(host.nexus, false);
  expect(await host.tell("00")).toBe("notReadyToReadyChange");
  expect(await host.tell("00")).toBe("GOOD");
});

test("an operator at the door that only an absent nexus keeps shut → goes through, and that nexus hears of its loss", async () => {
  const { changer, host, other } = await testChanger();
  expect(await host.tell(prevent)).toBe("GOOD");
  expect(changer.preventsRemoval).toBe(true);
  await changer.logicalUnit.nexusSuspended(host.nexus);
  expect(changer.preventsRemoval).toBe(false);
  changer.importExportAccessed();
  expect(await other.tell("00")).toBe("importExportAccessed");
  changer.logicalUnit.nexusReturned(host.nexus, false);
  expect(await host.tell("00")).toBe("nexusLoss");
  expect(changer.preventsRemoval).toBe(false);
});

test.each([
  [true, ["nexusLoss", "deferred writeError", "GOOD"]],
  [false, ["GOOD"]],
] as const)(
  "the answer with a deferred error was lost with the connection: %s → told accordingly on return",
  async (isLost, told) => {
    const { drive, host } = await loadedDrive();
    await host.tell("0a 00 00 00 04 00", new Uint8Array(4));
    drive.deferWriteError();
    expect(await host.tell("01 00 00 00 00 00")).toBe("deferred writeError");
    await drive.logicalUnit.nexusSuspended(host.nexus);
    drive.logicalUnit.nexusReturned(host.nexus, isLost);
    for (const each of told) expect(await host.tell("00")).toBe(each);
  },
);

test("another command came after the deferred error → it was heard, and is not told again", async () => {
  const { drive, host } = await loadedDrive();
  await host.tell("0a 00 00 00 04 00", new Uint8Array(4));
  drive.deferWriteError();
  for (const each of ["deferred writeError", "GOOD"]) expect(await host.tell("00")).toBe(each);
  await drive.logicalUnit.nexusSuspended(host.nexus);
  drive.logicalUnit.nexusReturned(host.nexus, true);
  for (const each of ["nexusLoss", "GOOD"]) expect(await host.tell("00")).toBe(each);
});
