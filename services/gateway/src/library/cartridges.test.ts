import type { CreateVolumeBody } from "@reelhouse/contracts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { drive1, openTestLibrary, slot1, slot2 } from "../testing/test-library.ts";
import type { TestLibrary } from "../testing/test-library.ts";
import { openTestMedia } from "../testing/test-media.ts";
import type { TestMedia } from "../testing/test-media.ts";
import { createInTurn } from "../in-turn.ts";
import { createCartridges } from "./cartridges.ts";
import type { Cartridges } from "./cartridges.ts";
import { byOperator } from "./library-events.ts";
import { cartridgeOf } from "./library-state.ts";

const barcode = "RHS001L8";

let held: TestLibrary;
let tape: TestMedia;
let cartridges: Cartridges;
/** What the changer's hosts were told, and whether one locks the import/export elements. */
let told: string[];
const door = {
  preventsRemoval: false,
  importExportAccessed: () => void told.push("28/01"),
  inventoryChanged: () => void told.push("28/00"),
  exclusive: <T>(work: () => T | Promise<T>) => work(),
};

async function openWith(firstTapes: readonly string[] = []) {
  told = [];
  door.preventsRemoval = false;
  held = await openTestLibrary(firstTapes);
  tape = await openTestMedia();
  const { library, events } = held;
  cartridges = createCartridges({
    library,
    media: tape.media,
    emit: (event) => events.push(event),
    isOurs: () => true,
    inTurn: createInTurn(),
    changer: () => door,
  });
}
beforeEach(() => openWith());
afterEach(async () => {
  await tape.close();
  await held.close();
});

const body = (of: string, element: CreateVolumeBody["element"] = "storage"): CreateVolumeBody => ({
  barcode: of,
  capacityBytes: 2 ** 30,
  worm: false,
  pool: null,
  element,
});
const addressOf = (of: string) => cartridgeOf(held.library.state, of)?.address;
/** What the inventory was told, of volumes and of places, in one order. */
const types = () => held.events.map((event) => event.type);

test("a new cartridge → has files before it has a place, the first free one", async () => {
  expect(await cartridges.create(body(barcode))).toEqual({ kind: "created", address: slot1 });
  expect(tape.media.has(barcode)).toBe(true);
  expect(addressOf(barcode)).toBe(slot1);
  expect(types()).toEqual(["volume.created", "cartridge.moved"]);
});

test("a label of a write-once cartridge → makes one, though it was not asked for", async () => {
  await cartridges.create(body("RHS001LY"));
  await cartridges.create(body(barcode));
  const made = ["RHS001LY", barcode].map((of) => tape.media.volume(of)?.worm);
  expect(made).toEqual([true, false]);
});

test("two creations at once → get two elements", async () => {
  const created = await Promise.all([
    cartridges.create(body(barcode)),
    cartridges.create(body("RHS002L8")),
  ]);
  expect(created.map((each) => each.kind === "created" && each.address)).toEqual([slot1, slot2]);
});

test("a barcode that exists, or no free element of the kind → is refused, and nothing is made", async () => {
  await cartridges.create(body(barcode, "importExport"));
  expect(await cartridges.create(body(barcode))).toEqual({ kind: "exists" });
  expect(await cartridges.create(body("RHS002L8", "importExport"))).toEqual({
    kind: "noFreeElement",
  });
  expect(tape.media.barcodes()).toEqual([barcode]);
});

test("a removed cartridge → leaves the library, then its files go, then that is told", async () => {
  await cartridges.create(body(barcode));
  held.events.length = 0;
  expect(await cartridges.remove(barcode)).toEqual({ kind: "removed" });
  expect(tape.media.has(barcode)).toBe(false);
  expect(held.library.state).toMatchObject({ cartridges: [], removing: [] });
  expect(types()).toEqual(["cartridge.moved", "volume.removed"]);
});

test("an unknown cartridge, or one in a drive → is not removed", async () => {
  await cartridges.create(body(barcode));
  await held.library.move(slot1, drive1, byOperator);
  expect(await cartridges.remove("RHS009L8")).toEqual({ kind: "notFound" });
  expect(await cartridges.remove(barcode)).toEqual({ kind: "inDrive" });
  expect(tape.media.has(barcode)).toBe(true);
});

test("a crash between a volume's files and its place → gets a place at the next start", async () => {
  await tape.make(barcode);
  expect(await cartridges.repair()).toEqual([
    `put ${barcode}, which had no place, into element ${slot1}`,
  ]);
  expect(addressOf(barcode)).toBe(slot1);
  expect(await cartridges.repair()).toEqual([]);
});

test("a crash between leaving the library and the end of its files → its files go at the next start", async () => {
  await cartridges.create(body(barcode));
  await held.library.remove(barcode);
  expect(await cartridges.repair()).toEqual([
    `removed the files of ${barcode}, which had left the library`,
  ]);
  expect(tape.media.has(barcode)).toBe(false);
  expect(held.library.state.removing).toEqual([]);
  expect(types().at(-1)).toBe("volume.removed");
});

test("a library that is full → leaves a volume without place where it is, and says so", async () => {
  for (const each of ["RHS001L8", "RHS002L8", "RHS003L8"]) await cartridges.create(body(each));
  await cartridges.create(body("RHS004L8", "importExport"));
  await tape.make("RHS005L8");
  expect(await cartridges.repair()).toEqual([
    "RHS005L8 has no place in the library, and no element is free",
  ]);
  expect(tape.media.has("RHS005L8")).toBe(true);
});

test("a new library, also one that crashed while its tapes were made → has all of them, once", async () => {
  await tape.close();
  await held.close();
  await openWith(["RHS001L8", "RHS002L8"]);
  await cartridges.create(body("RHS001L8"));
  await cartridges.makeFirst(1000);
  expect(held.library.state.cartridges.map((each) => each.barcode)).toEqual([
    "RHS001L8",
    "RHS002L8",
  ]);
  await cartridges.remove("RHS002L8");
  await cartridges.makeFirst(1000);
  expect(tape.media.barcodes()).toEqual(["RHS001L8"]);
});

test("a removal asked while the cartridge is on its way into a drive → is refused, and it stays", async () => {
  await cartridges.create(body(barcode));
  const moving = held.library.move(slot1, drive1, byOperator);
  const removing = cartridges.remove(barcode);
  await moving;
  expect(await removing).toEqual({ kind: "inDrive" });
  expect(addressOf(barcode)).toBe(drive1);
  expect(tape.media.has(barcode)).toBe(true);
});

test("a tape made or removed by an operator → the changer's hosts hear 28/00, at the door 28/01", async () => {
  await cartridges.create(body(barcode));
  await cartridges.create(body("RHS002L8", "importExport"));
  expect(told).toEqual(["28/00", "28/01"]);
  await cartridges.remove("RHS002L8");
  await cartridges.remove(barcode);
  expect(told).toEqual(["28/00", "28/01", "28/01", "28/00"]);
});

test("a host prevents removal → no tape goes from an import/export element, one from storage does", async () => {
  await cartridges.create(body(barcode));
  await cartridges.create(body("RHS002L8", "importExport"));
  door.preventsRemoval = true;
  told = [];
  expect(await cartridges.remove("RHS002L8")).toEqual({ kind: "removalPrevented" });
  expect([tape.media.has("RHS002L8"), told]).toEqual([true, []]);
  expect(await cartridges.remove(barcode)).toEqual({ kind: "removed" });
  door.preventsRemoval = false;
  expect(await cartridges.remove("RHS002L8")).toEqual({ kind: "removed" });
});

test("the last free element filled by the changer while the volume is made → no tape, and nothing of it stays", async () => {
  const exclusive = door.exclusive;
  door.exclusive = async (work) => {
    await held.library.insert("RHS009L8", 30_000);
    return work();
  };
  const made = await cartridges.create(body("RHS002L8", "importExport"));
  door.exclusive = exclusive;
  expect(made).toEqual({ kind: "noFreeElement" });
  expect([tape.media.has("RHS002L8"), held.library.state.arriving]).toEqual([false, []]);
  expect(types().slice(-1)).toEqual(["volume.removed"]);
});
