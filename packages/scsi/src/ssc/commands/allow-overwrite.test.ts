/** ALLOW OVERWRITE (SSC-5 7.1); what it allows is in write-permission.test.ts. READ MEDIA SERIAL NUMBER (SPC-5 6.20). */
import { expect, test } from "vitest";
import { loadedDrive, pattern } from "../../testing-initiator.ts";

test.each([
  ["not allowed any more", "82 00 00 00 00000000 00000000 00000000", "GOOD"],
  ["the present position", "82 00 01 00 00000000 00000001 00000000", "GOOD"],
  ["another object", "82 00 01 00 00000000 00000000 00000000", "sequentialPositioningError"],
  ["another partition", "82 00 01 01 00000000 00000001 00000000", "sequentialPositioningError"],
  ["format", "82 00 02 00 00000000 00000000 00000000", "GOOD"],
  [
    "a value that is none",
    "82 00 03 00 00000000 00000001 00000000",
    "invalidFieldInCdb, cdb 2 bit 3",
  ],
])("ALLOW OVERWRITE: %s → %s: %s", async (_what, cdb, told) => {
  const { host, medium } = await loadedDrive();
  medium.objects = [pattern(4)];
  medium.at = 1;
  expect(await host.tell(cdb)).toBe(told);
});

const readSerial = "ab 01 00 00 00 00 00 00 00 40 00 00";

test("READ MEDIA SERIAL NUMBER → the barcode, its length a multiple of four", async () => {
  const { host } = await loadedDrive({ barcode: "RHS01L8" });
  const { data } = await host.send(readSerial);
  expect([data[3], Buffer.from(data.subarray(4)).toString()]).toEqual([8, "RHS01L8 "]);
});

test("READ MEDIA SERIAL NUMBER of a cartridge with attribute 0401h → that; cut to the allocation length", async () => {
  const { host, medium } = await loadedDrive();
  await medium.writeAttributes(0, [
    { identifier: 0x0401, format: 1, value: Buffer.from("A123456789  ") },
  ]);
  const { data } = await host.send(readSerial);
  expect(Buffer.from(data.subarray(4)).toString()).toBe("A123456789  ");
  expect((await host.send("ab 01 00 00 00 00 00 00 00 04 00 00")).data.length).toBe(4);
});
