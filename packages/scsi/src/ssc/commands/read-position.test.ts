/** READ POSITION (SSC-5 7.7). */
import { expect, test } from "vitest";
import { hex, loadedDrive, pattern } from "../../testing-initiator.ts";

async function afterFile() {
  const bench = await loadedDrive();
  bench.medium.objects = [pattern(8), "filemark", pattern(8)];
  bench.medium.at = 3;
  return bench;
}

test("at BOP, short → BOP flag, all zero", async () => {
  const { host } = await loadedDrive();
  const { data } = await host.send("34 00 00 00 00 00 00 00 00 00");
  expect(hex(data)).toBe(`80${"00".repeat(19)}`);
});

test.each(["34 00", "34 01"])("after 3 objects, %s → both locations 3", async (cdb) => {
  const { host } = await afterFile();
  const { data } = await host.send(`${cdb} 00 00 00 00 00 00 00 00`);
  expect(hex(data)).toBe(`00000000000000030000000300000000${"00".repeat(4)}`);
});

test("long → object and file number", async () => {
  const { host } = await afterFile();
  const { data } = await host.send("34 06 00 00 00 00 00 00 00 00");
  expect(hex(data)).toBe(`000000000000000000000000000000030000000000000001${"00".repeat(8)}`);
});

test("extended → 32 bytes; cut to the allocation length", async () => {
  const { host } = await afterFile();
  const { data } = await host.send("34 08 00 00 00 00 00 00 20 00");
  expect(hex(data)).toBe(`0000001c00000000${"0000000000000003".repeat(2)}${"00".repeat(8)}`);
  expect((await host.send("34 08 00 00 00 00 00 00 1c 00")).data.length).toBe(28);
});

test("buffered writes → LOCU and BYCU until they are stored", async () => {
  const { host } = await loadedDrive();
  await host.tell("0a 00 00 00 04 00", pattern(4));
  expect((await host.send("34 00 00 00 00 00 00 00 00 00")).data[0]).toBe(0x30);
  await host.tell("10 00 00 00 00 00");
  expect((await host.send("34 00 00 00 00 00 00 00 00 00")).data[0]).toBe(0);
});

test("past early warning → EOP", async () => {
  const { host, medium } = await loadedDrive({ capacityBytes: 1000 });
  medium.objects = [pattern(900)];
  medium.at = 1;
  expect((await host.send("34 06 00 00 00 00 00 00 00 00")).data[0]).toBe(0x40);
});

test("object number over 32 bits → PERR in the short form, told in the long form", async () => {
  const { host, medium } = await loadedDrive();
  const position = { ...medium.position, objectNumber: 2 ** 32 + 5 };
  Object.defineProperty(medium, "position", { get: () => position });
  expect(hex((await host.send("34 00 00 00 00 00 00 00 00 00")).data)).toBe(`02${"00".repeat(19)}`);
  const long = await host.send("34 06 00 00 00 00 00 00 00 00");
  expect(hex(long.data.subarray(8, 16))).toBe("0000000100000005");
});

test("allocation length with a fixed form → INVALID FIELD IN CDB", async () => {
  const { host } = await loadedDrive();
  expect(await host.tell("34 06 00 00 00 00 00 00 20 00")).toBe("invalidFieldInCdb, cdb 7 bit 7");
});

test("unknown service action → INVALID FIELD IN CDB at the service action", async () => {
  const { host } = await loadedDrive();
  expect(await host.tell("34 07 00 00 00 00 00 00 00 00")).toBe("invalidFieldInCdb, cdb 1 bit 4");
});
