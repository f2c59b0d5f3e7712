/** LOG SENSE (SPC-5 6.9). */
import { expect, test } from "vitest";
import { be, join } from "../../bytes.ts";
import { logPageOf } from "../../testing-log-pages.ts";
import { hex, loadedDrive, pattern } from "../../testing-initiator.ts";
import { testChanger } from "../../testing-changer.ts";

test("supported pages → all, in order; with subpages by FFh", async () => {
  const { host, drive } = await loadedDrive();
  const codes = [0, ...drive.logPages.map(({ pageCode }) => pageCode)];
  expect(codes).toEqual([...codes].sort((one, other) => one - other));
  const pages = join(0, 0, be(codes.length, 2), ...codes);
  expect(hex((await host.send("4d 00 40 00 00 00 00 00 ff 00")).data)).toBe(hex(pages));
  const subpages = codes.flatMap((code) => [code, 0, code, 0xff]);
  expect(hex((await host.send("4d 00 40 ff 00 00 00 00 ff 00")).data)).toBe(
    hex(join(0x40, 0xff, be(subpages.length, 2), ...subpages)),
  );
  expect(hex((await host.send("4d 00 57 ff 00 00 00 00 ff 00")).data)).toBe("57ff0004170017ff");
});

test("PC → thresholds no counter can meet, defaults zero, lists as they are", async () => {
  const { host } = await loadedDrive();
  await host.tell("0a 00 00 00 64 00", pattern(100));
  const first = async (pc: string) => {
    const { data } = await host.send(`4d 00 ${pc} 00 00 00 00 00 10 00`);
    return hex(data.subarray(8));
  };
  expect(await first("0c")).toBe("ffffffffffffffff");
  expect(await first("4c")).toBe("0000000000000064");
  expect(await first("8c")).toBe("ffffffffffffffff");
  expect(await first("cc")).toBe("0000000000000000");
  const { data } = await host.send("4d 00 2e 00 00 00 00 00 09 00");
  expect(data[8]).toBe(0);
});

test("parameter pointer → the parameters from there on; beyond the last → INVALID FIELD IN CDB", async () => {
  const { host } = await loadedDrive();
  const { data } = await host.send("4d 00 6e 00 00 00 3f ff ff 00");
  expect([...logPageOf(data).parameters.keys()]).toEqual([63, 64]);
  expect(await host.tell("4d 00 6e 00 00 00 41 ff ff 00")).toBe("invalidFieldInCdb, cdb 5 bit 7");
});

test("allocation length → cut, with the length of the whole page in the header", async () => {
  const { host } = await loadedDrive();
  expect(hex((await host.send("4d 00 6e 00 00 00 00 00 06 00")).data)).toBe("2e0001400001");
});

test.each([
  ["SP", "4d 01 40 00 00 00 00 00 ff 00", "savingParametersNotSupported"],
  ["unknown page", "4d 00 7d 00 00 00 00 00 ff 00", "invalidFieldInCdb, cdb 2 bit 5"],
  ["unknown subpage", "4d 00 6e 01 00 00 00 00 ff 00", "invalidFieldInCdb, cdb 3 bit 7"],
  [
    "unknown subpage of page 00h",
    "4d 00 40 01 00 00 00 00 ff 00",
    "invalidFieldInCdb, cdb 3 bit 7",
  ],
  ["pointer with page 00h", "4d 00 40 00 00 00 01 00 ff 00", "invalidFieldInCdb, cdb 5 bit 7"],
])("%s → %s: %s", async (_condition, cdb, told) => {
  const { host } = await loadedDrive();
  expect(await host.tell(cdb)).toBe(told);
});

test("changer → pages 00h and 2Eh", async () => {
  const { host } = await testChanger();
  expect(hex((await host.send("4d 00 40 00 00 00 00 00 ff 00")).data)).toBe("00000002002e");
});
