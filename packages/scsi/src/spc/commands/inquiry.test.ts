/** INQUIRY (SPC-5 6.7): standard data and VPD pages, of the drive and of the changer. */
import { expect, test } from "vitest";
import { readBe } from "../../bytes.ts";
import { testChanger } from "../../testing-changer.ts";
import { tapeAlert } from "../../tape-alerts.ts";
import { hex, Initiator, loadedDrive, testIdentity } from "../../testing-initiator.ts";

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");

test("standard data of the drive → tape, removable, SPC-4, IBM ULT3580-TD8", async () => {
  const { host } = await loadedDrive();
  const { data } = await host.send("12 00 00 00 60 00");
  expect(data.length).toBe(96);
  expect(hex(data.subarray(0, 8))).toBe("018006025b110002");
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
  const { host } = await loadedDrive({}, { automationSerialNumber: "RHC1" });
  const supported = await host.send("12 01 00 00 ff 00");
  const codes = [...supported.data.subarray(4)];
  expect(hex(supported.data.subarray(4))).toBe("008083868788b0b1b2b3b5c0c1");
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

test("page 83h → NAA, T10, relative target port, its group and target port name", async () => {
  const { host } = await loadedDrive();
  const { data } = await host.send("12 01 83 00 ff 00");
  expect(hex(data.subarray(4, 16))).toBe("010300083000000000000001");
  expect(hex(data.subarray(16, 20))).toBe("02010024");
  expect(text(data.subarray(20, 56))).toBe("IBM     ULT3580-TD8     RH0000000001");
  expect(hex(data.subarray(56, 64))).toBe("5194000400000001");
  expect(hex(data.subarray(64, 72))).toBe("5195000400000001");
  expect(hex(data.subarray(72, 75))).toBe("539800");
  expect(data[75]! % 4).toBe(0);
  expect(text(data.subarray(76)).replaceAll("\0", "")).toBe(
    "iqn.2026-11.io.reelhouse:gw1-tapedrive-01,t,0x0001",
  );
});

test("page 86h → all task attributes, unit attentions cleared for each nexus", async () => {
  const { host } = await loadedDrive();
  const { data } = await host.send("12 01 86 00 ff 00");
  expect(data.length).toBe(64);
  expect(data[5]).toBe(0x07);
  expect(data[7]).toBe(0x01);
});

test("page 88h → one port with its name", async () => {
  const { host } = await loadedDrive();
  const { data } = await host.send("12 01 88 00 ff 00");
  expect(readBe(data, 6, 2)).toBe(1);
  expect(readBe(data, 14, 2)).toBe(data.length - 16);
  expect(text(data.subarray(20)).replaceAll("\0", "")).toBe(`${testIdentity.targetName},t,0x0001`);
});

test("two portal groups → page 83h names the one by which each nexus came, page 88h both", async () => {
  const { drive } = await loadedDrive({}, { portalGroupTags: [1, 0xab] });
  const portsSeen: string[] = [];
  for (const tag of [1, 0xab]) {
    const host = new Initiator(drive.logicalUnit, "iqn.2026-11.test:a,i,0x1", tag);
    const { data } = await host.send("12 01 83 00 ff 00");
    expect(readBe(data, 60, 4)).toBe(tag);
    const name = text(data.subarray(76)).replaceAll("\0", "");
    expect(name).toBe(`${testIdentity.targetName},t,0x${tag === 1 ? "0001" : "00ab"}`);
    const { data: ports } = await host.send("12 01 88 00 ff 00");
    expect([readBe(ports, 6, 2), readBe(ports, ports.length / 2 + 4, 2)]).toEqual([1, 0xab]);
    expect(text(ports)).toContain(`${name}\0`);
    portsSeen.push(hex(ports));
  }
  expect(portsSeen[0]).toBe(portsSeen[1]);
});

test("pages B1h and B3h → serial numbers of drive and library", async () => {
  const { host } = await loadedDrive({}, { automationSerialNumber: "RHC1" });
  expect(text((await host.send("12 01 b1 00 ff 00")).data.subarray(4))).toBe("RH0000000001");
  expect(text((await host.send("12 01 b3 00 ff 00")).data.subarray(4))).toBe("RHC1");
});

test("page B3h of a drive in no library → INVALID FIELD IN CDB", async () => {
  const { host } = await loadedDrive();
  expect(await host.tell("12 01 b3 00 ff 00")).toBe("invalidFieldInCdb, cdb 2 bit 7");
});

test("page B2h → a bit for each flag that may be raised", async () => {
  const { host } = await loadedDrive();
  const { data } = await host.send("12 01 b2 00 ff 00");
  const bits = Object.values(tapeAlert).filter(
    (flag) => (data[4 + ((flag - 1) >> 3)]! & (0x80 >> ((flag - 1) & 7))) !== 0,
  );
  expect(bits).toEqual(Object.values(tapeAlert));
  expect(data.length).toBe(12);
});

test.each([
  ["IBM", "ULT3580-HH6", "c0c1"],
  ["HPE", "Ultrium 8-SCSI", "c0c1c2c3c4c5"],
  ["QUANTUM", "ULTRIUM-HH7", "c0c1"],
  ["ACME", "VIRTUAL", ""],
])("%s %s → the vendor's pages %s", async (vendor, product, pages) => {
  const { host } = await loadedDrive({}, { vendor, product });
  const { data } = await host.send("12 01 00 00 ff 00");
  expect(hex(data.subarray(4).filter((code) => code >= 0xc0))).toBe(pages);
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
