import { expect, test } from "vitest";
import {
  cartridgeOf,
  elementTypeAt,
  freeAddress,
  libraryState,
  move,
  place,
  removed,
  takeOut,
} from "./library-state.ts";
import { firstBarcodes } from "../media/first-tapes.ts";
import { newLibrary } from "./new-library.ts";

const empty = newLibrary({
  gatewayName: "gw1",
  driveCount: 2,
  storageCount: 3,
  importExportCount: 1,
  drive: { vendor: "IBM", product: "ULT3580-TD8", revision: "R3G3" },
  changer: { vendor: "STK", product: "L700", revision: "0107" },
  firstTapes: [],
});

test("a new library → is valid, and every device has its own serial number, NAA identifier and target name", () => {
  expect(libraryState.parse(empty)).toEqual(empty);
  const devices = [empty.changer, ...empty.drives];
  for (const field of ["serialNumber", "naa", "targetName"] as const) {
    expect(new Set(devices.map((device) => device[field])).size).toBe(devices.length);
  }
  expect(empty.drives.map((drive) => drive.targetName)).toEqual([
    "iqn.2026-11.io.reelhouse:gw1-tapedrive-01",
    "iqn.2026-11.io.reelhouse:gw1-tapedrive-02",
  ]);
  expect(empty.changer.targetName).toBe("iqn.2026-11.io.reelhouse:gw1-mediachanger");
});

test("a make without a revision → the one it is known for, its own addresses, tapes of its drives' format", () => {
  const drive = { vendor: "HPE", product: "Ultrium 9-SCSI" };
  const made = newLibrary({
    gatewayName: "gw1",
    driveCount: 1,
    storageCount: 10,
    importExportCount: 5,
    drive,
    changer: { vendor: "QUANTUM", product: "Scalar i500" },
    firstTapes: firstBarcodes(2, drive),
  });
  expect(libraryState.parse(made)).toEqual(made);
  expect([made.drives[0]?.revision, made.changer.revision]).toEqual(["R2G1", "750G"]);
  expect([made.drives[0]?.address, made.ranges.storage.firstAddress]).toEqual([0x100, 0x1000]);
  expect(made.firstTapes).toEqual(["RHS001L9", "RHS002L9"]);
});

test("two libraries → share no identity", () => {
  const other = newLibrary({
    gatewayName: "gw1",
    driveCount: 2,
    storageCount: 3,
    importExportCount: 1,
    drive: { vendor: "IBM", product: "ULT3580-TD8", revision: "R3G3" },
    changer: { vendor: "STK", product: "L700", revision: "0107" },
    firstTapes: [],
  });
  expect(other.changer.serialNumber).not.toBe(empty.changer.serialNumber);
});

test("element addresses → have the type of their range, and none outside", () => {
  expect(
    [0, 10_000, 10_001, 20_002, 30_000].map((address) => elementTypeAt(empty, address)),
  ).toEqual(["transport", "dataTransfer", "dataTransfer", "storage", "importExport"]);
  expect([1, 10_002, 20_003, 30_001].map((address) => elementTypeAt(empty, address))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test("a cartridge moved to a drive → remembers its slot, also when it goes on to another drive", () => {
  const placed = place(empty, "RHS001L8", 20_001, true);
  const loaded = move(placed, 20_001, 10_000);
  expect(cartridgeOf(loaded, "RHS001L8")).toEqual({
    barcode: "RHS001L8",
    address: 10_000,
    sourceAddress: 20_001,
    enteredByOperator: false,
    exported: null,
  });
  expect(cartridgeOf(move(loaded, 10_000, 10_001), "RHS001L8")?.sourceAddress).toBe(20_001);
});

test("free elements → are the first empty ones, and none when all are full", () => {
  const one = place(empty, "RHS001L8", 20_000, true);
  expect(freeAddress(one, "storage")).toBe(20_001);
  expect(freeAddress(place(empty, "RHS001L8", 30_000, true), "importExport")).toBeUndefined();
});

test("a second cartridge in an element, or the same in two → breaks invariant L1", () => {
  const one = place(empty, "RHS001L8", 20_000, true);
  expect(() => place(one, "RHS002L8", 20_000, true)).toThrow(/L1/);
  expect(() => place(one, "RHS001L8", 20_001, true)).toThrow(/L1/);
  expect(() => move(place(one, "RHS002L8", 20_001, true), 20_000, 20_001)).toThrow(/L1/);
});

test("a cartridge taken out → stays noted until its files are gone", () => {
  const out = takeOut(place(empty, "RHS001L8", 20_000, true), "RHS001L8");
  expect(out.cartridges).toEqual([]);
  expect(out.removing).toEqual(["RHS001L8"]);
  expect(removed(out, "RHS001L8").removing).toEqual([]);
});
