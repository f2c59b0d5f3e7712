/** Changes of a library's shape as values: addresses that stay, names that are never used again, limits. */
import { expect, test } from "vitest";
import { move, place } from "./library-state.ts";
import type { LibraryState } from "./library-state.ts";
import { newLibrary } from "./new-library.ts";
import { withCount, withDrive, withDriveMake, withoutDrive } from "./shape-changes.ts";
import type { ShapeChange } from "./shape-changes.ts";

const make = { vendor: "IBM", product: "ULT3580-TD8", revision: "R3G3" };
const changer = { vendor: "STK", product: "L700", revision: "0107" };
const library = (driveCount: number, storageCount = 10): LibraryState =>
  newLibrary({
    gatewayName: "gw1",
    driveCount,
    storageCount,
    importExportCount: 2,
    drive: make,
    changer,
    firstTapes: [],
  });

function changed(change: ShapeChange): LibraryState {
  if (change.kind === "refused") throw new Error(`${change.code} ${change.detail}`);
  return change.state;
}
const codeOf = (change: ShapeChange) => (change.kind === "refused" ? change.code : "changed");
const addresses = ({ drives }: LibraryState) => drives.map(({ address }) => address);

test("drives in and out 600 times → no serial number, NAA identifier or target name twice", () => {
  let state = library(3);
  const seen = { serialNumber: new Set(), naa: new Set(), targetName: new Set() };
  const note = (of: LibraryState["drives"][number]) => {
    seen.serialNumber.add(of.serialNumber);
    seen.naa.add(of.naa);
    seen.targetName.add(of.targetName);
  };
  for (const drive of state.drives) note(drive);
  for (let turn = 0; turn < 600; turn++) {
    const gone = state.drives[turn % state.drives.length]!.address;
    state = changed(withDrive(changed(withoutDrive(state, gone)), make, undefined));
    note(state.drives.find(({ address }) => address === gone)!);
  }
  expect(Object.values(seen).map(({ size }) => size)).toEqual([603, 603, 603]);
});

test("a library of before, without a count of its drives → the next drive's names go on behind its last", () => {
  const state = { ...library(3), drivesMade: 0 };
  const names = state.drives.map(({ targetName }) => targetName);
  const fewer = changed(withoutDrive(state, 10_002));
  expect(names).not.toContain(changed(withDrive(fewer, make, undefined)).drives[2]?.targetName);
});

test("a drive from among others → its element stays; the last one's goes, with those without a drive before it", () => {
  const gap = changed(withoutDrive(library(4), 10_002));
  expect([addresses(gap), gap.ranges.dataTransfer.count]).toEqual([[10_000, 10_001, 10_003], 4]);
  const short = changed(withoutDrive(gap, 10_003));
  expect([addresses(short), short.ranges.dataTransfer.count]).toEqual([[10_000, 10_001], 2]);
});

test("the last drive, a 65th drive → refused", () => {
  expect(codeOf(withoutDrive(library(1), 10_000))).toBe("LIBRARY_LIMIT");
  expect(codeOf(withDrive(library(64), make, undefined))).toBe("LIBRARY_LIMIT");
});

test("an occupied drive → is not taken out and keeps its make; an empty one gets the make, and keeps its names", () => {
  const state = move(place(library(2), "RHS001L8", 20_000, true), 20_000, 10_000);
  const other = { ...make, product: "ULT3580-TD9" };
  expect(codeOf(withoutDrive(state, 10_000))).toBe("DRIVE_OCCUPIED");
  expect(codeOf(withDriveMake(state, 10_000, other))).toBe("DRIVE_OCCUPIED");
  const { drives } = changed(withDriveMake(state, 10_001, other));
  expect(drives[1]).toEqual({ ...state.drives[1], product: "ULT3580-TD9" });
});

test("fewer slots → only those that are empty go; more → up to the next element, no further", () => {
  const state = place(library(2), "RHS001L8", 20_004, true);
  expect(codeOf(withCount(state, "storage", 4, "body.storageSlots"))).toBe("ELEMENT_OCCUPIED");
  expect(changed(withCount(state, "storage", 5, "f")).ranges.storage.count).toBe(5);
  expect(changed(withCount(state, "storage", 10_000, "f")).ranges.storage.count).toBe(10_000);
  expect(codeOf(withCount(state, "storage", 10_001, "f"))).toBe("ELEMENTS_OVERLAP");
  expect(codeOf(withCount(state, "importExport", 35_537, "f"))).toBe("ELEMENTS_OVERLAP");
});
