import { readFileSync } from "node:fs";
import { newTapeDrive } from "@reelhouse/scsi";
import type { Identity, Medium, TapeDrive } from "@reelhouse/scsi";
import { afterEach, beforeEach, expect, test } from "vitest";
import { drive1, drive2, openTestLibrary, slot1, slot2 } from "../testing/test-library.ts";
import type { TestLibrary } from "../testing/test-library.ts";
import { openTestMedia } from "../testing/test-media.ts";
import type { TestMedia } from "../testing/test-media.ts";
import { cartridgeOf, libraryState } from "./library-state.ts";
import { createRobot } from "./robot.ts";

const barcode = "RHS001L8";

let held: TestLibrary;
let tape: TestMedia;
/** What happened, in order. */
let steps: string[];
let drives: Map<number, TapeDrive>;
beforeEach(async () => {
  held = await openTestLibrary();
  tape = await openTestMedia();
  steps = [];
  drives = new Map([drive1, drive2].map((address) => [address, watchedDrive(address)]));
  await tape.make(barcode);
  await held.library.insert(barcode, slot1);
});
afterEach(async () => {
  await tape.close();
  await held.close();
});

const identity: Identity = {
  vendor: "IBM",
  product: "ULT3580-TD8",
  revision: "R3G3",
  serialNumber: "0000000001",
  naa: 0x3000000000000001n,
  targetName: "t",
  portalGroupTags: [1],
};

const addressOnDisk = (): number | undefined =>
  cartridgeOf(libraryState.parse(JSON.parse(readFileSync(held.file, "utf8"))), barcode)?.address;

/** A drive that notes what it is asked for, and where the library's file says the cartridge is at that time. */
const watchedDrive = (address: number): TapeDrive => {
  const drive = newTapeDrive(identity);
  const load = drive.load.bind(drive);
  const eject = drive.eject.bind(drive);
  drive.load = (medium) => {
    steps.push(`${address} loads, file says ${addressOnDisk()}`);
    return load(medium);
  };
  drive.eject = () => {
    steps.push(`${address} lets go, file says ${addressOnDisk()}`);
    return eject();
  };
  return drive;
};

const robot = (thread?: (barcode: string) => Promise<Medium>) =>
  createRobot({
    library: held.library,
    drives,
    thread:
      thread ??
      (async (wanted) => {
        const volume = tape.media.volume(wanted);
        if (volume === undefined) throw new Error(`the volume ${wanted} has no files`);
        return volume;
      }),
    released: async (left) =>
      void steps.push(`${left} left its drive, file says ${addressOnDisk()}`),
    movedBy: () => ({ cause: "initiator", initiatorName: "iqn.a" }),
  });

test("a move into a drive → is in the library's file before the drive takes the cartridge", async () => {
  expect(await robot().move(slot1, drive1)).toEqual({ kind: "moved" });
  expect(steps).toEqual([`${drive1} loads, file says ${drive1}`]);
  expect(drives.get(drive1)?.state).toBe("ready");
  expect(held.events.at(-1)).toMatchObject({
    type: "cartridge.moved",
    source: { address: slot1 },
    destination: { address: drive1 },
    initiatorName: "iqn.a",
  });
});

test("a move from drive to drive → the first lets go, then the file changes, then the second takes it", async () => {
  await robot().move(slot1, drive1);
  steps = [];
  expect(await robot().move(drive1, drive2)).toEqual({ kind: "moved" });
  expect(steps).toEqual([
    `${drive1} lets go, file says ${drive1}`,
    `${barcode} left its drive, file says ${drive1}`,
    `${drive2} loads, file says ${drive2}`,
  ]);
  expect([drives.get(drive1)?.state, drives.get(drive2)?.state]).toEqual(["empty", "ready"]);
});

test("a crash after the drive let go → the cartridge is where the file says, and a move from there goes on", async () => {
  await robot().move(slot1, drive1);
  await drives.get(drive1)?.eject();
  expect(addressOnDisk()).toBe(drive1);
  // As after a restart, with a drive that holds nothing: the move takes what the library says.
  expect(await robot().move(drive1, slot2)).toEqual({ kind: "moved" });
  expect(addressOnDisk()).toBe(slot2);
});

/** The only import/export element. */
const mailSlot = 30_000;
const exportsTold = () => held.events.filter(({ type }) => type === "volume.exported");

test("a host's move into an import/export element → volume.exported after its move, and again with each description", async () => {
  await robot().move(slot1, mailSlot);
  const told = {
    type: "volume.exported",
    library: "gw1",
    barcode,
    element: { address: mailSlot, type: "importExport" },
    initiatorName: "iqn.a",
  };
  expect(held.events.slice(-2)).toMatchObject([{ type: "cartridge.moved" }, told]);
  held.events.length = 0;
  held.library.describe();
  expect(held.events).toMatchObject([{ type: "library.described" }, told]);
  const kept = libraryState.parse(JSON.parse(readFileSync(held.file, "utf8")));
  expect(cartridgeOf(kept, barcode)?.exported).toEqual({ initiatorName: "iqn.a" });
});

test("a move out of there, by anybody → told as a move only, and exported no more", async () => {
  await robot().move(slot1, mailSlot);
  held.events.length = 0;
  await robot().move(mailSlot, slot2);
  held.library.describe();
  expect(exportsTold()).toEqual([]);
});

test("an operator's move into an import/export element, or a new cartridge there → no export", async () => {
  await held.library.move(slot1, mailSlot, { cause: "operator", initiatorName: null });
  held.library.describe();
  expect(exportsTold()).toEqual([]);
  await held.library.move(mailSlot, slot1, { cause: "operator", initiatorName: null });
  await held.library.insert("RHS002L8", mailSlot);
  expect(exportsTold()).toEqual([]);
});

test("an empty source or a full destination → is refused, and nothing moves", async () => {
  await held.library.insert("RHS002L8", slot2);
  expect(await robot().move(drive1, slot1)).toMatchObject({ reason: "sourceEmpty" });
  expect(await robot().move(slot1, slot2)).toMatchObject({ reason: "destinationFull" });
  expect(steps).toEqual([]);
  expect(addressOnDisk()).toBe(slot1);
});

test("a drive whose removal an initiator prevents → keeps its cartridge", async () => {
  await robot().move(slot1, drive1);
  drives.get(drive1)?.preventing.add({ initiatorPortName: "a,i,0x1", portalGroupTag: 1 });
  const refused = await robot().move(drive1, slot1);
  expect(refused).toMatchObject({ kind: "refused", reason: "medium removal prevented" });
  expect(addressOnDisk()).toBe(drive1);
  const [, inDrive] = robot().elements("dataTransfer", 0, 10);
  expect(robot().elements("dataTransfer", 0, 10)[0]?.drive?.accessible).toBe(false);
  expect(inDrive?.drive?.accessible).toBe(true);
});

test("a cartridge whose volume cannot be opened → is in the drive all the same, and the host hears a fault", async () => {
  const refused = await robot(() => Promise.reject(new Error("no files"))).move(slot1, drive1);
  expect(refused).toEqual({ kind: "refused", reason: "fault", detail: "no files" });
  expect(addressOnDisk()).toBe(drive1);
  expect(drives.get(drive1)?.state).toBe("empty");
});

test("a loaded drive → is told as threaded, until it was unloaded", async () => {
  await robot().move(slot1, drive1);
  const isThreaded = () => robot().elements("dataTransfer", 0, 1)[0]?.drive?.threaded;
  expect(isThreaded()).toBe(true);
  drives.get(drive1)?.transition("unload");
  expect(isThreaded()).toBe(false);
});

test("elements from an address on → come in order of address, as many as asked for", () => {
  const addresses = robot()
    .elements("all", drive2, 3)
    .map((element) => element.address);
  expect(addresses).toEqual([drive2, slot1, slot2]);
  expect(robot().elements("storage", 0, 1)).toMatchObject([{ barcode, enteredByOperator: true }]);
});
