/** INQUIRY (SPC-5 6.7): standard data and VPD pages, of the drive and of the changer. */
import { expect, test } from "vitest";
import { readBe } from "../../bytes.ts";
import { testChanger } from "../../testing-changer.ts";
import { hex, loadedDrive } from "../../testing-initiator.ts";

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");

test("standard data of the drive → tape, removable, SPC-4, IBM ULT3580-TD8", async () => {
  const { host } = await loadedDrive();
  const { data } = await host.send("12 00 00 00 60 00");
  expect(data.length).toBe(96);
  expect(hex(data.subarray(0, 8))).toBe("018006025b000002");
  expect(text(data.subarray(8, 36))).toBe("IBM     ULT3580-TD8     R001");
  expect(hex(data.subarray(58, 66))).toBe("00a0046004000960");
});

test("standard data of the changer → medium changer, STK L700, cut to 56 bytes", async () => {
  const { host } = await testChanger();
  const { data } = await host.send("12 00 00 00 38 00");
  expect(data.length).toBe(56);
  expect(data[0]).toBe(0x08);
  expect(text(data.subarray(8, 32))).toBe("STK     L700            ");
});

test("every page of page 00h → readable, with its own code and length", async () => {
  const { host } = await loadedDrive();
  const supported = await host.send("12 01 00 00 ff 00");
  const codes = [...supported.data.subarray(4)];
  expect(codes).toEqual([0x00, 0x80, 0x83, 0xb0]);
  for (const code of codes) {
    const { data } = await host.send(`12 01 ${code.toString(16).padStart(2, "0")} 00 ff 00`);
    expect(data[1]).toBe(code);
    expect(readBe(data, 2, 2)).toBe(data.length - 4);
  }
});

test("page 80h → the serial number", async () => {
  const { host } = await loadedDrive();
  const { data } = await host.send("12 01 80 00 ff 00");
  expect(text(data.subarray(4))).toBe("RH0000000001");
});

test("page 83h → NAA, T10, relative target port and target port name", async () => {
  const { host } = await loadedDrive();
  const { data } = await host.send("12 01 83 00 ff 00");
  expect(hex(data.subarray(4, 16))).toBe("010300083000000000000001");
  expect(hex(data.subarray(16, 20))).toBe("02010024");
  expect(text(data.subarray(20, 56))).toBe("IBM     ULT3580-TD8     RH0000000001");
  expect(hex(data.subarray(56, 64))).toBe("5194000400000001");
  expect(hex(data.subarray(64, 67))).toBe("539800");
  expect(data[67]! % 4).toBe(0);
  expect(text(data.subarray(68)).replaceAll("\0", "")).toBe(
    "iqn.2026-11.io.reelhouse:gw1-tapedrive-01,t,0x0001",
  );
});

test.each([
  ["unknown page", "12 01 c7 00 ff 00", "invalidFieldInCdb, cdb 2 bit 7"],
  ["page code without EVPD", "12 00 80 00 ff 00", "invalidFieldInCdb, cdb 2 bit 7"],
  ["CMDDT", "12 02 00 00 ff 00", "invalidFieldInCdb, cdb 1 bit 1"],
  ["allocation length 0", "12 00 00 00 00 00", "GOOD"],
])("%s → %s, %s", async (_condition, cdb, told) => {
  const { host } = await loadedDrive();
  expect(await host.tell(cdb)).toBe(told);
});
