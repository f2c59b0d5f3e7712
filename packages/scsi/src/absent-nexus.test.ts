/** What is kept for a nexus whose connection broke (`nexusSuspended`), beside what others do meanwhile. */
import { expect, test } from "vitest";
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
