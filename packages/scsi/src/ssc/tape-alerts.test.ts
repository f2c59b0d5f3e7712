/** When a drive raises TapeAlert flags; those of failures of the medium are tested with the commands that find them. */
import { expect, test } from "vitest";
import { tapeAlert } from "../tape-alerts.ts";
import { type Initiator, loadedDrive, pattern } from "../testing-initiator.ts";
import { type FakeOptions, FakeMedium } from "../testing-medium.ts";

const write = (host: Initiator) => host.tell("0a 00 00 00 04 00", pattern(4));

test.each<readonly [string, FakeOptions, keyof typeof tapeAlert]>([
  ["write on a protected cartridge", { writeProtected: true }, "writeProtect"],
  ["overwrite of a write-once volume", { worm: true }, "wormOverwriteAttempted"],
])("%s → refused, flag raised", async (_condition, options, flag) => {
  const { host, drive, medium } = await loadedDrive(options);
  medium.objects = [pattern(4)];
  expect(drive.alerts.active.size).toBe(0);
  expect(await write(host)).not.toBe("GOOD");
  expect(drive.alerts.active).toEqual(new Set([tapeAlert[flag]]));
});

test("unload while removal is prevented → flag 10; the next load clears it", async () => {
  const { host, drive, medium } = await loadedDrive();
  await host.tell("1e 00 00 00 01 00");
  expect(await host.tell("1b 00 00 00 00 00")).toBe("mediumRemovalPrevented");
  expect(drive.alerts.active).toEqual(new Set([tapeAlert.removalPrevented]));
  await host.tell("1e 00 00 00 00 00");
  await drive.eject();
  await drive.load(medium);
  expect(drive.alerts.active.size).toBe(0);
});

test.each<readonly [string, keyof typeof tapeAlert]>([
  ["RHS001L1", "unsupportedFormat"],
  ["CLNU01CU", "cleaningMedia"],
])("cartridge %s seated → %s", async (barcode, flag) => {
  const { drive } = await loadedDrive();
  await drive.eject();
  await drive.load(new FakeMedium({ barcode }));
  expect(drive.alerts.active).toEqual(new Set([tapeAlert[flag]]));
});

test("cartridge that the drive only reads → flag 17", async () => {
  const { drive } = await loadedDrive({ barcode: "RHS001L5" }, { product: "ULT3580-TD7" });
  expect(drive.alerts.active).toEqual(new Set([tapeAlert.readOnlyFormat]));
});

test("cartridge that cannot be read when it is seated → flag 55, and the drive stays empty", async () => {
  const { drive } = await loadedDrive();
  await drive.eject();
  const medium = new FakeMedium();
  medium.faults.set("locate", "recall");
  expect((await drive.load(medium)).kind).toBe("fault");
  expect(drive.alerts.active).toEqual(new Set([tapeAlert.loadFailure]));
  expect(drive.state).toBe("empty");
});
