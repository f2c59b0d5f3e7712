/** REPORT DENSITY SUPPORT (SSC-5 7.9) and READ BLOCK LIMITS (7.6). */
import { expect, test } from "vitest";
import { readBe } from "../../bytes.ts";
import { hex, loadedDrive } from "../../testing-initiator.ts";

test("all densities of an LTO-8 drive → LTO-7, M8 and LTO-8, the last as default", async () => {
  const { host } = await loadedDrive();
  const { data } = await host.send("44 00 00 00 00 00 00 02 00 00");
  expect(readBe(data, 0, 2)).toBe(data.length - 2);
  expect(data.length).toBe(4 + 3 * 52);
  const heads = [0, 1, 2].map((index) => hex(data.subarray(4 + 52 * index, 7 + 52 * index)));
  expect(heads).toEqual(["5c5c80", "5d5d80", "5e5ea0"]);
  const last = data.subarray(4 + 2 * 52);
  expect(readBe(last, 12, 4)).toBe(12_000_000);
  expect(Buffer.from(last.subarray(16)).toString()).toBe("LTO-CVE U-832   Ultrium 8/32T       ");
});

test("all densities of an LTO-6 drive → LTO-4 without WRTOK, LTO-5, LTO-6", async () => {
  const { host } = await loadedDrive({ barcode: "RHS001L6" }, { product: "ULT3580-TD6" });
  const { data } = await host.send("44 00 00 00 00 00 00 02 00 00");
  const heads = [0, 1, 2].map((index) => hex(data.subarray(4 + 52 * index, 7 + 52 * index)));
  expect(heads).toEqual(["464600", "585880", "5a5aa0"]);
});

test("density of the medium → its capacity; without a medium → MEDIUM NOT PRESENT", async () => {
  const { host, drive } = await loadedDrive({ capacityBytes: 100_000_000_000 });
  const { data } = await host.send("44 01 00 00 00 00 00 02 00 00");
  expect(readBe(data, 16, 4)).toBe(100_000);
  await drive.eject();
  expect(await host.tell("44 01 00 00 00 00 00 02 00 00")).toBe("mediumNotPresent");
});

test("medium types of an LTO-8 drive → data and write-once, 56 bytes each", async () => {
  const { host } = await loadedDrive();
  const { data } = await host.send("44 02 00 00 00 00 00 04 00 00");
  const types = Array.from({ length: (data.length - 4) / 56 }, (_, index) => data[4 + 56 * index]);
  expect(types).toEqual([0x78, 0x7c, 0x78, 0x88, 0x8c]);
  expect(readBe(data, 6, 2)).toBe(52);
});

test("medium type of the medium → its own", async () => {
  const { host } = await loadedDrive({ worm: true });
  const { data } = await host.send("44 03 00 00 00 00 00 04 00 00");
  expect(data.length).toBe(4 + 56);
  expect(hex(data.subarray(4, 10))).toBe("8c000034015e");
});

test("block limits → 1 byte to 8 MiB; with MLOI the largest object identifier", async () => {
  const { host } = await loadedDrive();
  expect(hex((await host.send("05 00 00 00 00 00")).data)).toBe("008000000001");
  expect(hex((await host.send("05 01 00 00 00 00")).data)).toBe(
    `${"00".repeat(12)}001fffffffffffff`,
  );
});
