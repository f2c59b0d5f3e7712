/** What differs from one make of library to another, as hosts see it. */
import { expect, test } from "vitest";
import { readBe } from "../../bytes.ts";
import { testChanger } from "../../testing-changer.ts";
import { hex } from "../../testing-initiator.ts";

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");
const reportDrives = "b8 04 27 10 00 02 01 00 04 18 00 00";
const moveFromDrive = "a5 00 00 00 27 10 4e 20 00 00 00 00";

test("IBM 03584L32 → serial number and barcode reader in INQUIRY, T10 designator of drives", async () => {
  const { host } = await testChanger({ vendor: "IBM", product: "03584L32" });
  const inquiry = (await host.send("12 00 00 00 60 00")).data;
  expect(text(inquiry.subarray(38, 50))).toBe("RHC1        ");
  expect(inquiry[55]).toBe(0x01);
  const { data } = await host.send(reportDrives);
  expect(hex(data.subarray(28, 32))).toBe("0201001c");
});

test("HP MSL G3 → drives named by their serial numbers alone", async () => {
  const { host } = await testChanger({ vendor: "HP", product: "MSL G3 Series" });
  const { data } = await host.send(reportDrives);
  expect(readBe(data, 10, 2)).toBe(16 + 4);
  expect(hex(data.subarray(28, 32))).toBe("02000004");
  expect(text(data.subarray(32, 36))).toBe("RHD0");
});

test("AWS Gateway-VTL → nothing in the vendor's bytes", async () => {
  const { host } = await testChanger({ vendor: "AWS", product: "Gateway-VTL" });
  const { data } = await host.send("12 00 00 00 60 00");
  expect(hex(data.subarray(36, 56))).toBe("00".repeat(20));
});

test.each([
  ["STK", "SL500", "removalPreventedByDataTransferElement", 0x01],
  ["STK", "L700", "GOOD", 0x09],
])("%s %s, a drive that was not unloaded → %s", async (vendor, product, told, flags) => {
  const { host, robot } = await testChanger({ vendor, product });
  robot.cartridges.set(10_000, "RHS009L8");
  robot.cartridges.delete(20_000);
  robot.threaded.add(10_000);
  expect((await host.send(reportDrives)).data[18]).toBe(flags);
  expect(await host.tell(moveFromDrive)).toBe(told);
  robot.threaded.clear();
  expect(await host.tell(moveFromDrive)).toBe(told === "GOOD" ? "sourceElementEmpty" : "GOOD");
});

test("mode page 1F/41 → locks and exchanges", async () => {
  const { host } = await testChanger();
  const { data } = await host.send("1a 08 1f 41 ff 00");
  expect(hex(data.subarray(4))).toBe(`5f410010000006${"00".repeat(13)}`);
});

test("INITIALIZE ELEMENT STATUS WITH RANGE by the vendor's code → GOOD", async () => {
  const { host } = await testChanger({ vendor: "QUANTUM", product: "Scalar i500" });
  expect(await host.tell("e7 01 4e 20 00 00 00 05 00 00")).toBe("GOOD");
});
