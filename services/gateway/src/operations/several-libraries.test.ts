/** Libraries that come and go beside the first: their targets, tapes and names in the store. */
import { access } from "node:fs/promises";
import path from "node:path";
import { Changer } from "@reelhouse/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openOfflineGateway } from "../testing/offline-gateway.ts";
import type { OfflineGateway } from "../testing/offline-gateway.ts";
import { addLibrary } from "./add-library.ts";
import { removeLibrary } from "./remove-library.ts";

let offline: OfflineGateway;
beforeEach(async () => {
  offline = await openOfflineGateway();
});
afterEach(() => offline.close());

const floor = () => offline.gateway.floor;
const wanted = {
  name: "vault",
  drives: 2,
  storageSlots: 5,
  importExportSlots: 1,
  driveModel: "HP:Ultrium 6-SCSI",
  changerModel: "IBM:3573-TL",
};
const changerName = "iqn.2026-11.io.reelhouse:gw1-vault-mediachanger";
const tape = (barcode: string, library?: string) => ({
  barcode,
  capacityBytes: 2 ** 30,
  worm: false,
  pool: null,
  element: "storage" as const,
  ...(library === undefined ? {} : { library }),
});
const isThere = (file: string) =>
  access(path.join(offline.dataDir, "gateway", file)).then(
    () => true,
    () => false,
  );

test("a second library → its changer shows its own elements, tapes there have its name in the store, also after a restart", async () => {
  expect(await addLibrary(floor(), wanted)).toMatchObject({ value: { library: "vault" } });
  const { cartridges } = offline.gateway;
  expect(await cartridges.create(tape("VLT001L6", "vault"))).toMatchObject({ kind: "created" });
  const libraryOf = () => offline.gateway.house.libraries.libraryOf;
  expect([libraryOf()("VLT001L6"), libraryOf()("RHS001L8")]).toEqual(["vault", "gw1"]);
  await offline.restart();
  expect([libraryOf()("VLT001L6"), libraryOf()("RHS001L8")]).toEqual(["vault", "gw1"]);
  const changer = new Changer(await offline.login(changerName));
  await changer.clearUnitAttentions();
  const tags = (await changer.elements()).flatMap(({ barcode }) => barcode ?? []);
  expect(tags).toEqual(["VLT001L6"]);
  const drive = await changer.load("VLT001L6");
  expect((await changer.find("VLT001L6")).address).toBe(drive);
});

test("the same barcode in two libraries → there is one already; a library that is not there → says so", async () => {
  await addLibrary(floor(), wanted);
  const { cartridges } = offline.gateway;
  expect(await cartridges.create(tape("RHS001L8", "vault"))).toEqual({ kind: "exists" });
  expect(await cartridges.create(tape("VLT001L6", "none"))).toEqual({ kind: "noSuchLibrary" });
});

test("a library with tapes or hosts → stays; an empty one goes with its file and targets, and a new one has new serial numbers", async () => {
  await addLibrary(floor(), wanted);
  const { libraries } = offline.gateway.house;
  const serial = libraries.find("vault")?.state.changer.serialNumber;
  await offline.gateway.cartridges.create(tape("VLT001L6", "vault"));
  expect(await removeLibrary(floor(), "vault", true)).toMatchObject({ code: "LIBRARY_OCCUPIED" });
  await offline.gateway.cartridges.remove("VLT001L6");
  const session = await offline.login(changerName);
  expect(await removeLibrary(floor(), "vault", false)).toMatchObject({ code: "LIBRARY_IN_USE" });
  await session.logout();
  expect(await removeLibrary(floor(), "vault", false)).toMatchObject({ kind: "done" });
  expect(await isThere("libraries/vault.json")).toBe(false);
  expect(offline.gateway.targetNames).not.toContain(changerName);
  await addLibrary(floor(), wanted);
  expect(libraries.find("vault")?.state.changer.serialNumber).not.toBe(serial);
});

test.each([
  ["a name that is taken", { ...wanted, name: "gw1" }, "LIBRARY_EXISTS body.name"],
  ["an unknown drive", { ...wanted, driveModel: "A:B" }, "MODEL_UNKNOWN body.driveModel"],
  ["an unknown changer", { ...wanted, changerModel: "A:B" }, "MODEL_UNKNOWN body.changerModel"],
])("%s → no library", async (_what, body, told) => {
  const answer = await addLibrary(floor(), body);
  if (answer.kind === "done") throw new Error("was not refused");
  expect(`${answer.code} ${answer.field}`).toBe(told);
  expect(offline.gateway.house.libraries.all()).toHaveLength(1);
});

test("the first library → cannot go", async () => {
  expect(await removeLibrary(floor(), "gw1", true)).toMatchObject({ code: "LIBRARY_IS_FIRST" });
});
