/** What a drive answers with each kind of cartridge in it: LTO's compatibility, and cleaning. */
import { expect, test } from "vitest";
import { be } from "../../bytes.ts";
import { tapeAlert } from "../../tape-alerts.ts";
import { FakeMedium } from "../../testing-medium.ts";
import { loadedDrive, pattern } from "../../testing-initiator.ts";
import { cleaningCountAttribute, cleaningsMax } from "./cleaning.ts";
import type { DriveGeneration, Ultrium } from "./density.ts";
import { compatibility } from "./density.ts";
import { driveModels } from "../models/drive-models.ts";
import { seatedCartridge } from "./seated-cartridge.ts";

const all: readonly Ultrium[] = ["L1", "L2", "L3", "L4", "L5", "L6", "L7", "M8", "L8", "L9", "LA"];

const write = "0a 00 00 00 04 00";
const read = "08 00 00 00 04 00";

test.each([
  ["L5", "L4 L5", "L3"],
  ["L6", "L5 L6", "L4"],
  ["L7", "L6 L7", "L5"],
  ["L8", "L7 M8 L8", ""],
  ["L9", "L8 L9", ""],
  ["LA", "LA", ""],
] as const)("drive of %s → writes %s, only reads %s", (generation, writes, onlyReads) => {
  const formats = (usability: string) =>
    all
      .filter((format) => {
        const barcode = `RHS001${format}`;
        return seatedCartridge({ generation }, { barcode }).usability === usability;
      })
      .join(" ");
  expect([formats("reads and writes"), formats("only reads")]).toEqual([writes, onlyReads]);
});

test("every model → a generation with a compatibility of its own, names that fit INQUIRY", () => {
  const names = new Set(driveModels.map(({ vendor, product }) => `${vendor} ${product}`));
  expect(names.size).toBe(driveModels.length);
  const generations = new Set<DriveGeneration>(driveModels.map(({ generation }) => generation));
  expect([...generations].toSorted()).toEqual(Object.keys(compatibility).toSorted());
  for (const { vendor, product, revision } of driveModels) {
    expect([vendor.length <= 8, product.length <= 16, revision.length]).toEqual([true, true, 4]);
  }
});

test("cartridge of a format the drive does not know → seated, INCOMPATIBLE MEDIUM, TapeAlert 15", async () => {
  const { host, drive, medium } = await loadedDrive({ barcode: "RHS001L6" });
  for (const cdb of ["00", "01", read, "1b 00 00 00 01 00", "44 01 00 00 00 00 00 02 00 00"]) {
    expect(await host.tell(cdb)).toBe("incompatibleMediumInstalled");
  }
  expect(await host.tell(write, pattern(4))).toBe("incompatibleMediumInstalled");
  expect(drive.alerts.take(host.nexus)).toEqual(new Set([tapeAlert.unsupportedFormat]));
  expect(await drive.eject()).toEqual({ kind: "ejected", medium });
});

test("cartridge two generations back → read, never written, WP told", async () => {
  const { host, medium } = await loadedDrive({ barcode: "RHS001L5" }, { product: "ULT3580-TD7" });
  medium.objects = [pattern(4)];
  expect(await host.tell(read)).toBe("GOOD");
  expect(await host.tell(write, pattern(4))).toBe("cannotWriteIncompatibleFormat");
  const { data } = await host.send("1a 00 00 00 ff 00");
  expect([data[1], data[2]! & 0x80, data[4]]).toEqual([0x58, 0x80, 0x58]);
});

test.each([
  ["IBM", "ULT3580-TD8", "RHS001L7", false, 0x78, 0x5c],
  ["IBM", "ULT3580-TD8", "RHS001M8", false, 0x78, 0x5d],
  ["IBM", "ULT3580-TD8", "RHS001LY", true, 0x8c, 0x5e],
  ["IBM", "ULT3580-TD9", "RHS001", false, 0x98, 0x60],
  ["HPE", "Ultrium 8-SCSI", "RHS001L8", false, 0x00, 0x5e],
  ["HPE", "Ultrium 8-SCSI", "RHS001LY", true, 0x01, 0x5e],
])("%s %s with %s, write once %s → medium type and density", async (...row) => {
  const [vendor, product, barcode, worm, mediumType, density] = row;
  const { host } = await loadedDrive({ barcode, worm }, { vendor, product });
  const { data } = await host.send("1a 00 00 00 ff 00");
  expect([data[1], data[4]]).toEqual([mediumType, density]);
});

const cleaningsOf = (medium: FakeMedium) =>
  medium.attributes(0).find(({ identifier }) => identifier === cleaningCountAttribute)?.value;

test("cleaning cartridge → cleans, CLEANING CARTRIDGE INSTALLED until it goes", async () => {
  const { host, drive } = await loadedDrive();
  await drive.eject();
  const cleaning = new FakeMedium({ barcode: "CLNU01CU" });
  expect(await drive.load(cleaning)).toEqual({ kind: "loaded" });
  expect(await host.tell("00")).toBe("notReadyToReadyChange");
  expect(await host.tell("00")).toBe("cleaningCartridgeInstalled");
  expect(await host.tell(write, pattern(4))).toBe("cleaningCartridgeInstalled");
  expect(await host.tell("1b 00 00 00 01 00")).toBe("cleaningCartridgeInstalled");
  expect(await host.tell("1b 00 00 00 00 00")).toBe("GOOD");
  expect((await host.send("1a 00 00 00 ff 00")).data[1]).toBe(0x01);
  expect(cleaningsOf(cleaning)).toEqual(be(1, 4));
  expect(drive.lifetime.cleaningOperations).toBe(1);
  expect((await drive.eject()).kind).toBe("ejected");
  expect(await host.tell("00")).toBe("mediumNotPresent");
});

test("cleaning cartridge whose count waits for the disk → loaded when it is kept", async () => {
  const { drive } = await loadedDrive();
  await drive.eject();
  const cleaning = new FakeMedium({ barcode: "CLNU01CU", waits: true });
  expect(await drive.load(cleaning)).toEqual({ kind: "loaded" });
  expect(cleaningsOf(cleaning)).toEqual(be(1, 4));
});

test("spent cleaning cartridge → TapeAlert 22, its count stays", async () => {
  const { host, drive } = await loadedDrive();
  await drive.eject();
  const cleaning = new FakeMedium({ barcode: "CLNU01CU" });
  const spent = be(cleaningsMax, 4);
  await cleaning.writeAttributes(0, [
    { identifier: cleaningCountAttribute, format: 0, value: spent },
  ]);
  await drive.load(cleaning);
  expect(drive.alerts.take(host.nexus)).toEqual(
    new Set([tapeAlert.cleaningMedia, tapeAlert.expiredCleaningMedia]),
  );
  expect(cleaningsOf(cleaning)).toEqual(spent);
  expect(drive.lifetime.cleaningOperations).toBe(0);
});
