/** The library changed while it runs, as hosts with sessions on it see it, over iSCSI. */
import { randomBytes } from "node:crypto";
import { Tape } from "@reelhouse/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openOfflineGateway } from "../testing/offline-gateway.ts";
import type { OfflineGateway } from "../testing/offline-gateway.ts";
import { attentionsOf } from "../testing/told.ts";
import { addDrive } from "./add-drive.ts";
import { changeDrive } from "./change-drive.ts";
import { changeLibrary } from "./change-library.ts";
import { removeDrive } from "./remove-drive.ts";

let offline: OfflineGateway;
beforeEach(async () => {
  offline = await openOfflineGateway({ libraryDrives: "4" });
});
afterEach(() => offline.close());

const library = "gw1";
const model = "HP:Ultrium 6-SCSI";
const floor = () => offline.gateway.floor;

test("a host writes to drive 1 while drive 5 comes, drive 2 goes and slots grow → not a byte disturbed, the changer's host is told", async () => {
  const changer = await offline.changer();
  await changer.load("RHS001L8");
  const tape = await offline.drive(1);
  const blocks = Array.from({ length: 120 }, () => randomBytes(100_000));
  let changes: Promise<unknown> | undefined;
  for (const [index, block] of blocks.entries()) {
    if (index === 20)
      changes = addDrive(floor(), library, { model })
        .then(() => removeDrive(floor(), library, 10_001, false))
        .then(() => changeLibrary(floor(), library, { storageSlots: 50, importExportSlots: 3 }));
    await tape.write(block);
  }
  expect(await changes).toMatchObject({ kind: "done" });
  await tape.writeFilemarks(1);
  expect(await attentionsOf(tape)).toEqual([]);
  await tape.rewind();
  const back = await tape.readFile(200_000);
  expect(back.every((block, index) => block.equals(blocks[index]!))).toBe(true);
  expect(back).toHaveLength(blocks.length);
  expect(await attentionsOf(changer)).toEqual(["3b/1b", "2a/01", "3b/1a"]);
  const elements = await changer.elements({ deviceIdentifiers: true });
  expect(elements.filter(({ type }) => type === "storage")).toHaveLength(50);
  const drives = elements.filter(({ type }) => type === "dataTransfer");
  expect(drives.map(({ address, exception }) => [address, exception])).toEqual([
    [10_000, undefined],
    [10_001, { asc: 0x3b, ascq: 0x1a }],
    [10_002, undefined],
    [10_003, undefined],
    [10_004, undefined],
  ]);
}, 30_000);

test("a drive that was added → is logged in to, loads and writes; after a restart it is there with the same serial number", async () => {
  const added = await addDrive(floor(), library, { model });
  if (added.kind === "refused") throw new Error(added.detail);
  expect(added.value).toMatchObject({ address: 10_004, vendor: "HP", product: "Ultrium 6-SCSI" });
  const number = offline.gateway.targetNames.indexOf(added.value.targetName);
  const drive = await offline.drive(number);
  expect(await drive.serialNumber()).toBe(added.value.serialNumber);
  await offline.restart();
  expect(offline.gateway.targetNames).toContain(added.value.targetName);
  const again = await offline.drive(offline.gateway.targetNames.indexOf(added.value.targetName));
  expect(await again.serialNumber()).toBe(added.value.serialNumber);
});

test("a drive with a session → stays, unless forced: then the host is asked to log out, and nobody logs in any more", async () => {
  const drive = await offline.drive(2);
  const targetName = offline.gateway.targetNames[2] ?? "";
  expect(await removeDrive(floor(), library, 10_001, false)).toMatchObject({
    code: "DRIVE_IN_USE",
    field: "path.address",
  });
  expect(await attentionsOf(drive)).toEqual([]);
  expect(await removeDrive(floor(), library, 10_001, true)).toEqual({ kind: "done", value: null });
  expect(offline.gateway.targetNames).not.toContain(targetName);
  await expect(drive.session.command(Buffer.alloc(6))).rejects.toThrow();
  await expect(offline.login(targetName)).rejects.toThrow("0x0203");
}, 30_000);

test("a drive with a cartridge in it → stays, forced or not, and keeps its make", async () => {
  const changer = await offline.changer();
  await changer.load("RHS001L8");
  const refused = { kind: "refused", code: "DRIVE_OCCUPIED", field: "path.address" };
  expect(await removeDrive(floor(), library, 10_000, true)).toMatchObject(refused);
  expect(await changeDrive(floor(), library, 10_000, { model })).toMatchObject(refused);
});

test("a drive taken out and one put in → at the same address, with names nobody ever had", async () => {
  const before = offline.gateway.house.libraries.first.state.drives;
  await removeDrive(floor(), library, 10_003, false);
  const added = await addDrive(floor(), library, { model });
  const { drives } = offline.gateway.house.libraries.first.state;
  expect(added).toMatchObject({ value: { address: 10_003 } });
  const made = drives.at(-1)!;
  for (const field of ["serialNumber", "naa", "targetName"] as const)
    expect(before.map((drive) => drive[field])).not.toContain(made[field]);
});

test("another make for a drive and for the changer → 3F/03 where INQUIRY says it, and sessions go on", async () => {
  const drive: Tape = await offline.drive(1);
  const changer = await offline.changer();
  const other = await offline.drive(2);
  await changeDrive(floor(), library, 10_000, { model: "IBM:ULT3580-TD9" });
  await changeLibrary(floor(), library, { changerModel: "IBM:3573-TL" });
  expect(await attentionsOf(drive)).toEqual(["3f/03"]);
  expect(await attentionsOf(other)).toEqual([]);
  expect(await attentionsOf(changer)).toEqual(["28/00", "3f/03"]);
  expect(await drive.inquiry()).toMatchObject({ vendor: "IBM", product: "ULT3580-TD9" });
  expect(await changer.inquiry()).toMatchObject({ vendor: "IBM", product: "3573-TL" });
});

test.each([
  ["unknown library", () => addDrive(floor(), "none", { model }), "LIBRARY_NOT_FOUND"],
  [
    "unknown make",
    () => addDrive(floor(), library, { model: "ACME:Tapeworm" }),
    "MODEL_UNKNOWN body.model",
  ],
  [
    "unknown make of changer",
    () => changeLibrary(floor(), library, { changerModel: "ACME:Arm", storageSlots: 40 }),
    "MODEL_UNKNOWN body.changerModel",
  ],
  [
    "an address that is a drive's",
    () => addDrive(floor(), library, { model, address: 10_001 }),
    "ELEMENTS_OVERLAP body.address",
  ],
  [
    "an address that does not adjoin",
    () => addDrive(floor(), library, { model, address: 10_009 }),
    "ELEMENTS_OVERLAP body.address",
  ],
  [
    "slots into import/export elements",
    () => changeLibrary(floor(), library, { storageSlots: 10_001 }),
    "ELEMENTS_OVERLAP body.storageSlots",
  ],
  [
    "a slot that holds a cartridge",
    () => changeLibrary(floor(), library, { storageSlots: 1 }),
    "ELEMENT_OCCUPIED body.storageSlots",
  ],
  ["no such drive", () => removeDrive(floor(), library, 9, false), "DRIVE_NOT_FOUND path.address"],
] as const)("%s → refused, and nothing is changed", async (_what, ask, told) => {
  const before = offline.gateway.house.libraries.first.state;
  const answer = await ask();
  if (answer.kind === "done") throw new Error("was not refused");
  expect(`${answer.code} ${answer.field}`).toContain(told);
  expect(offline.gateway.house.libraries.first.state).toBe(before);
});
