/** REPORT DENSITY SUPPORT (SSC-5 7.9) and READ BLOCK LIMITS (7.6). */
import { expect, test } from "vitest";
import { readBe } from "../../bytes.ts";
import { hex, loadedDrive } from "../../testing-initiator.ts";

test("all densities → LTO-8 with the native capacity of the format", async () => {
  const { host } = await loadedDrive();
  const { data } = await host.send("44 00 00 00 00 00 00 02 00 00");
  expect(readBe(data, 0, 2)).toBe(data.length - 2);
  expect(data.length).toBe(56);
  expect(hex(data.subarray(4, 7))).toBe("5e5ea0");
  expect(readBe(data, 16, 4)).toBe(12_000_000);
  expect(Buffer.from(data.subarray(20, 56)).toString()).toBe(
    "LTO-CVE U-816   Ultrium 8/16T       ",
  );
});

test("density of the medium → its capacity; without a medium → MEDIUM NOT PRESENT", async () => {
  const { host, drive } = await loadedDrive({ capacityBytes: 100_000_000_000 });
  const { data } = await host.send("44 01 00 00 00 00 00 02 00 00");
  expect(readBe(data, 16, 4)).toBe(100_000);
  await drive.eject();
  expect(await host.tell("44 01 00 00 00 00 00 02 00 00")).toBe("mediumNotPresent");
});

test("medium types → INVALID FIELD IN CDB", async () => {
  const { host } = await loadedDrive();
  expect(await host.tell("44 02 00 00 00 00 00 02 00 00")).toBe("invalidFieldInCdb, cdb 1 bit 1");
});

test("block limits → 1 byte to 8 MiB; with MLOI the largest object identifier", async () => {
  const { host } = await loadedDrive();
  expect(hex((await host.send("05 00 00 00 00 00")).data)).toBe("008000000001");
  expect(hex((await host.send("05 01 00 00 00 00")).data)).toBe(
    `${"00".repeat(12)}001fffffffffffff`,
  );
});
