/** The gateway as a host meets it, while vault, queue and inventory are all away. */
import { randomBytes } from "node:crypto";
import { SCSI_STATUS } from "@reelhouse/testing";
import type { Tape } from "@reelhouse/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openOfflineGateway } from "./testing/offline-gateway.ts";
import type { OfflineGateway } from "./testing/offline-gateway.ts";

let offline: OfflineGateway;
beforeEach(async () => {
  offline = await openOfflineGateway();
});
afterEach(() => offline.close());

async function loadedTape(barcode = "RHS001L8") {
  const changer = await offline.changer();
  const address = await changer.load(barcode);
  return { changer, address, tape: await offline.drive() };
}

test("blocks over many segments, written and read → come back as they were", async () => {
  const { tape } = await loadedTape();
  const blocks = Array.from({ length: 60 }, (_, index) =>
    randomBytes(1 + ((index * 7919) % 200_000)),
  );
  for (const block of blocks) await tape.write(block);
  await tape.writeFilemarks(1);
  await tape.rewind();
  const back = await tape.readFile(262_144);
  expect(back.length).toBe(blocks.length);
  expect(back.every((block, index) => block.equals(blocks[index] ?? Buffer.alloc(0)))).toBe(true);
});

test("fixed blocks of 512 bytes → come back one by one in variable mode", async () => {
  const { tape } = await loadedTape();
  const bytes = randomBytes(512 * 300);
  await tape.setBlockLength(512);
  await tape.writeFixed(bytes, 512);
  await tape.writeFilemarks(1);
  await tape.setBlockLength(0);
  await tape.rewind();
  expect(Buffer.concat(await tape.readFile(65_536)).equals(bytes)).toBe(true);
});

test("a restart → every cartridge where it was, its data on it, and the same serial numbers", async () => {
  const { changer, tape } = await loadedTape();
  await tape.write(Buffer.from("before the restart"));
  await tape.writeFilemarks(1);
  const before = { elements: await changer.elements(), drive: await tape.serialNumber() };
  await offline.restart();
  const again = await offline.changer();
  const sameTape = await offline.drive();
  expect(await again.elements()).toEqual(before.elements);
  expect(await sameTape.serialNumber()).toBe(before.drive);
  const block = await sameTape.read(100);
  expect(block.kind === "block" && block.data.toString()).toBe("before the restart");
});

test("a cartridge in a drive → moves back to its slot without an unload, and the drive is then empty", async () => {
  const { changer, tape, address } = await loadedTape();
  await tape.write(Buffer.alloc(100));
  await changer.store("RHS001L8");
  expect((await changer.find("RHS001L8")).type).toBe("storage");
  const { sense } = await tape.clearUnitAttentions();
  expect(sense).toMatchObject({ senseKey: 2, additionalSenseCode: 0x3a });
  await changer.move((await changer.find("RHS002L8")).address, address);
  expect((await tape.clearUnitAttentions()).status).toBe(SCSI_STATUS.good);
});

test("a tape written in one drive → reads in the other", async () => {
  const { changer, tape } = await loadedTape();
  await tape.write(Buffer.from("carried over"));
  await tape.writeFilemarks(2);
  await changer.store("RHS001L8");
  await changer.load("RHS001L8", 10_001);
  const other = await offline.drive(2);
  const block = await other.read(100);
  expect(block.kind === "block" && block.data.toString()).toBe("carried over");
});

test("overwriting from BOP → only the new data is there", async () => {
  const { tape } = await loadedTape();
  for (let count = 0; count < 20; count++) await tape.write(Buffer.alloc(100_000, count));
  await tape.writeFilemarks(1);
  await tape.rewind();
  await tape.write(Buffer.from("new"));
  await tape.writeFilemarks(1);
  await tape.rewind();
  expect((await tape.readFile(1000)).map(String)).toEqual(["new"]);
  expect((await tape.read(1000)).kind).toBe("endOfData");
});

/** PERSISTENT RESERVE OUT with a basic parameter list: the keys, and APTPL. */
async function persistentReserve(tape: Tape, action: number, type: number, key: number) {
  const list = Buffer.alloc(24);
  list[7] = action === 0 ? 0 : key;
  list[15] = key;
  list[20] = 0x01;
  const cdb = Buffer.from([0x5f, action, type, 0, 0, 0, 0, 0, list.length, 0]);
  const { status } = await tape.session.command(cdb, { dataOut: list });
  expect(status).toBe(SCSI_STATUS.good);
}

test("reservation with APTPL → after a restart its initiator port writes, another conflicts", async () => {
  await loadedTape();
  const isid = Uint8Array.of(0x80, 0, 0, 0, 0, 1);
  const before = await offline.drive(1, { isid });
  await persistentReserve(before, 0x00, 0, 7);
  await persistentReserve(before, 0x01, 3, 7);
  await offline.restart();
  const holder = await offline.drive(1, { isid });
  const other = await offline.drive(1);
  const rewind = Buffer.from([0x01, 0, 0, 0, 0, 0]);
  expect((await holder.session.command(rewind)).status).toBe(SCSI_STATUS.good);
  expect((await other.session.command(rewind)).status).toBe(SCSI_STATUS.reservationConflict);
});
