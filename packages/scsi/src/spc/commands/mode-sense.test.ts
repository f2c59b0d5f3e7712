/** MODE SENSE(6), MODE SENSE(10) (SPC-5 6.14, 6.15). */
import { expect, test } from "vitest";
import { readBe } from "../../bytes.ts";
import { testChanger } from "../../testing-changer.ts";
import { hex, loadedDrive } from "../../testing-initiator.ts";

/** 3Fh with subpage 0: no subpages. */
const pageCodes = {
  drive: [0x01, 0x02, 0x0a, 0x0f, 0x10, 0x11, 0x18, 0x19, 0x1a, 0x1c, 0x1d, 0x24, 0x25],
  changer: [0x02, 0x0a, 0x18, 0x19, 0x1a, 0x1c, 0x1d, 0x1e, 0x1f],
} as const;

test("page 0 as st asks at every open → header and block descriptor", async () => {
  const { host } = await loadedDrive();
  const { data } = await host.send("1a 00 00 00 0c 00");
  expect(hex(data)).toBe("0b8810085e00000000000000");
});

test("write protected medium → WP; no medium → medium type 0", async () => {
  const { host, drive } = await loadedDrive({ writeProtected: true });
  expect(hex((await host.send("1a 00 00 00 04 00")).data)).toBe("0b889008");
  await drive.eject();
  expect(hex((await host.send("1a 00 00 00 04 00")).data)).toBe("0b001008");
});

test("DBD → no block descriptor", async () => {
  const { host } = await loadedDrive();
  const { data } = await host.send("1a 08 0f 00 ff 00");
  expect(hex(data)).toBe(`138810008f0ec080${"00".repeat(12)}`);
});

test("all pages → each with its length, in order, adding up to the mode data length", async () => {
  const { host } = await loadedDrive();
  const { data } = await host.send("5a 00 3f 00 00 00 00 10 00 00");
  expect(readBe(data, 0, 2)).toBe(data.length - 2);
  const codes: number[] = [];
  for (let offset = 16; offset < data.length; offset += 2 + data[offset + 1]!)
    codes.push(data[offset]! & 0x3f);
  expect(codes).toEqual(pageCodes.drive);
});

test("changeable values → DCE and the block length; defaults → as after power on", async () => {
  const { host } = await loadedDrive();
  const changeable = await host.send("1a 00 4f 00 ff 00");
  expect(hex(changeable.data.subarray(4, 16))).toBe("0000000000ffffff8f0e8000");
  const defaults = await host.send("1a 00 8f 00 ff 00");
  expect(hex(defaults.data.subarray(4, 16))).toBe("5e000000000000008f0ec080");
});

test.each([
  ["saved values", "1a 00 cf 00 ff 00", "GOOD"],
  ["unknown page", "1a 00 2a 00 ff 00", "invalidFieldInCdb, cdb 2 bit 5"],
  ["unknown subpage", "1a 00 0f 07 ff 00", "invalidFieldInCdb, cdb 2 bit 5"],
  [
    "more pages than 255 bytes, asked by MODE SENSE(6)",
    "1a 00 3f ff ff 00",
    "invalidFieldInCdb, cdb 2 bit 5",
  ],
  ["all subpages of all pages", "5a 00 3f ff 00 00 00 ff ff 00", "GOOD"],
])("%s → %s, %s", async (_condition, cdb, told) => {
  const { host } = await loadedDrive();
  expect(await host.tell(cdb)).toBe(told);
});

test("element address assignment, DBD, as mtx asks → the ranges of the library", async () => {
  const { host } = await testChanger();
  const { data } = await host.send("1a 08 1d 00 88 00");
  expect(hex(data)).toBe("170000001d12000000014e20000575300002271000020000");
});

test("changer, all pages → without block descriptor", async () => {
  const { host } = await testChanger();
  const { data } = await host.send("1a 00 3f 00 ff 00");
  expect(data[3]).toBe(0);
  const codes: number[] = [];
  for (let offset = 4; offset < data.length; offset += 2 + data[offset + 1]!)
    codes.push(data[offset]! & 0x3f);
  expect(codes).toEqual(pageCodes.changer);
});

test("library that grows → its new ranges at once", async () => {
  const { host, robot } = await testChanger();
  robot.ranges = { ...robot.ranges, storage: { firstAddress: 20_000, count: 200 } };
  const { data } = await host.send("1a 08 1d 00 88 00");
  expect(readBe(data, 4 + 2 + 6, 2)).toBe(200);
});
